-- Half of the time of a school's first roster went into this index: a uuid is compared in half the
-- time of its text. It stays an expression, so that no look-up by student takes the index.

ALTER TABLE learning_path_periods
    DROP CONSTRAINT learning_path_periods_student_id_excl,
    ADD CONSTRAINT learning_path_periods_student_id_excl EXCLUDE USING gist (
        (coalesce(student_id, student_id)) WITH =, daterange(effective_from, effective_to) WITH &&)
        WHERE (superseded_at IS NULL);
