-- Under row security an index on lower(school_email) goes unused, because lower() may leak what it is
-- given; a column of its own is compared by plain equality.

ALTER TABLE student_identities
    ADD COLUMN email_key text GENERATED ALWAYS AS (lower(school_email)) STORED;

DROP INDEX student_identities_school_id_school_email_idx;
CREATE INDEX student_identities_school_id_email_key_idx
    ON student_identities (school_id, email_key) WHERE email_key IS NOT NULL;

COMMENT ON COLUMN student_identities.email_key IS 'The e-mail address in small letters, by which it is found.';
