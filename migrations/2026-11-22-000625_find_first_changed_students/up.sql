-- With the moment in it, the index passes over what changed before without fetching those rows.

DROP INDEX students_school_id_updated_tx_idx;
CREATE INDEX students_school_id_updated_tx_idx ON students (school_id, updated_tx, id, updated_at);
