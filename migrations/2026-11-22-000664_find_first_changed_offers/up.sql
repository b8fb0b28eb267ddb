-- With the moment in it, the index passes over what changed before without fetching those rows.

DROP INDEX placement_offers_region_id_updated_tx_idx;
CREATE INDEX placement_offers_region_id_updated_tx_idx
    ON placement_offers (region_id, updated_tx, id, updated_at);

DROP INDEX placement_offers_practice_id_updated_tx_idx;
CREATE INDEX placement_offers_practice_id_updated_tx_idx
    ON placement_offers (practice_id, updated_tx, id, updated_at);

-- It leads through the offers of the whole country; every caller has a practice or regions to begin with.
DROP INDEX placement_offers_updated_tx_idx;
