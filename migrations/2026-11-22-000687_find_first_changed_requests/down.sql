DROP INDEX placement_requests_school_id_updated_tx_idx;
CREATE INDEX placement_requests_school_id_updated_tx_idx ON placement_requests (school_id, updated_tx, id);

DROP INDEX placement_requests_region_id_updated_tx_idx;
CREATE INDEX placement_requests_region_id_updated_tx_idx ON placement_requests (region_id, updated_tx, id);
