ALTER TABLE learning_path_periods
    DROP CONSTRAINT learning_path_periods_student_id_excl,
    ADD CONSTRAINT learning_path_periods_student_id_excl EXCLUDE USING gist (
        (student_id::text) WITH =, daterange(effective_from, effective_to) WITH &&)
        WHERE (superseded_at IS NULL);
