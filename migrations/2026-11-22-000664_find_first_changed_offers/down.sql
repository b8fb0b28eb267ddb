CREATE INDEX placement_offers_updated_tx_idx ON placement_offers (updated_tx, id);

DROP INDEX placement_offers_region_id_updated_tx_idx;
CREATE INDEX placement_offers_region_id_updated_tx_idx ON placement_offers (region_id, updated_tx, id);

DROP INDEX placement_offers_practice_id_updated_tx_idx;
CREATE INDEX placement_offers_practice_id_updated_tx_idx ON placement_offers (practice_id, updated_tx, id);
