DROP INDEX students_school_id_updated_tx_idx;
CREATE INDEX students_school_id_updated_tx_idx ON students (school_id, updated_tx, id);
