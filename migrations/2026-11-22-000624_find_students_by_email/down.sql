ALTER TABLE student_identities DROP COLUMN email_key;

CREATE INDEX student_identities_school_id_school_email_idx
    ON student_identities (school_id, lower(school_email)) WHERE school_email IS NOT NULL;
