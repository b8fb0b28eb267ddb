ALTER TABLE placement_requests DROP CONSTRAINT placement_requests_student_id_excl;
ALTER TABLE placement_requests ADD CONSTRAINT placement_requests_student_id_excl EXCLUDE USING gist (
    (student_id::text) WITH =, daterange(starts_on, ends_on, '[]') WITH &&)
    WHERE (status = 'open');
