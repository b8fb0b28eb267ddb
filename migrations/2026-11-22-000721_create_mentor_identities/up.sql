-- Who a mentor is: apart from all else, so that it can be shown to fewer and erased alone.

CREATE TABLE mentor_identities (
    mentor_id uuid CONSTRAINT mentor_identities_pkey PRIMARY KEY,
    practice_id uuid NOT NULL,
    given_name text NOT NULL
        CONSTRAINT mentor_identities_given_name_check CHECK (char_length(given_name) BETWEEN 1 AND 100),
    prefix text CONSTRAINT mentor_identities_prefix_check CHECK (char_length(prefix) BETWEEN 1 AND 50),
    family_name text NOT NULL
        CONSTRAINT mentor_identities_family_name_check CHECK (char_length(family_name) BETWEEN 1 AND 100),
    work_email text CONSTRAINT mentor_identities_work_email_check CHECK (is_email(work_email)),
    work_phone text CONSTRAINT mentor_identities_work_phone_check CHECK (is_phone(work_phone)),
    CONSTRAINT mentor_identities_mentor_id_fk FOREIGN KEY (mentor_id, practice_id) REFERENCES mentors (id, practice_id)
);

CREATE INDEX mentor_identities_practice_id_idx ON mentor_identities (practice_id, mentor_id);

GRANT SELECT, INSERT, UPDATE (given_name, prefix, family_name, work_email, work_phone)
    ON mentor_identities TO stagepunt_app;

SELECT enforce_row_security('mentor_identities');

CREATE POLICY mentor_identities_select ON mentor_identities FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN EXISTS (
                SELECT FROM memberships m
                WHERE m.organisation_id = mentor_identities.practice_id
                    AND m.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND m.host_kind IS NOT NULL
                    AND m.superseded_at IS NULL)
            WHEN 'school' THEN false
            ELSE false END);

CREATE POLICY mentor_identities_insert ON mentor_identities FOR INSERT TO stagepunt_app
    WITH CHECK (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN practice_id = ANY ((SELECT app_mandated('mentors'))::uuid[])
                AND is_member_of_own_region(practice_id)
            ELSE false END);

CREATE POLICY mentor_identities_update ON mentor_identities FOR UPDATE TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN practice_id = ANY ((SELECT app_mandated('mentors'))::uuid[])
                AND is_member_of_own_region(practice_id)
            ELSE false END);

COMMENT ON TABLE mentor_identities IS 'Names and work addresses of mentors; without a row the person was erased.';
COMMENT ON COLUMN mentor_identities.mentor_id IS 'Mentor that the identity is of.';
COMMENT ON COLUMN mentor_identities.practice_id IS 'Practice of the mentor.';
COMMENT ON COLUMN mentor_identities.given_name IS 'First name by which the mentor is called.';
COMMENT ON COLUMN mentor_identities.prefix IS 'Prefix of the family name (tussenvoegsel).';
COMMENT ON COLUMN mentor_identities.family_name IS 'Family name without prefix.';
COMMENT ON COLUMN mentor_identities.work_email IS 'E-mail address at the practice.';
COMMENT ON COLUMN mentor_identities.work_phone IS 'Telephone number at the practice.';
