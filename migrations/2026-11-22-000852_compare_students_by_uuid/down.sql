ALTER TABLE placement_requests
    DROP CONSTRAINT placement_requests_student_id_excl,
    ADD CONSTRAINT placement_requests_student_id_excl EXCLUDE USING gist (
        (student_id::text) WITH =, daterange(starts_on, ends_on, '[]') WITH &&)
        WHERE (status IN ('open', 'placed'));

ALTER TABLE placements
    DROP CONSTRAINT placements_student_id_excl,
    ADD CONSTRAINT placements_student_id_excl EXCLUDE USING gist (
        (student_id::text) WITH =, daterange(starts_on, coalesce(ended_on, ends_on), '[]') WITH &&)
        WHERE (status IN ('reserved', 'introduced', 'confirmed', 'agreement-pending', 'ready', 'active',
            'interrupted', 'completed', 'ended-early'));
