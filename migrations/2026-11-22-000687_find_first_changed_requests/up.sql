-- With the moment in it, the index passes over what changed before without fetching those rows.

DROP INDEX placement_requests_school_id_updated_tx_idx;
CREATE INDEX placement_requests_school_id_updated_tx_idx
    ON placement_requests (school_id, updated_tx, id, updated_at);

DROP INDEX placement_requests_region_id_updated_tx_idx;
CREATE INDEX placement_requests_region_id_updated_tx_idx
    ON placement_requests (region_id, updated_tx, id, updated_at);
