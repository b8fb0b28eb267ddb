-- Who a student is: apart from all else, so that it can be shown to fewer and erased alone.

CREATE TABLE student_identities (
    student_id uuid CONSTRAINT student_identities_pkey PRIMARY KEY,
    school_id uuid NOT NULL,
    given_name text NOT NULL
        CONSTRAINT student_identities_given_name_check CHECK (char_length(given_name) BETWEEN 1 AND 100),
    prefix text CONSTRAINT student_identities_prefix_check CHECK (char_length(prefix) BETWEEN 1 AND 50),
    family_name text NOT NULL
        CONSTRAINT student_identities_family_name_check CHECK (char_length(family_name) BETWEEN 1 AND 100),
    school_email text CONSTRAINT student_identities_school_email_check CHECK (is_email(school_email)),
    postcode4 text CONSTRAINT student_identities_postcode4_check CHECK (postcode4 ~ '^[1-9][0-9]{3}$'),
    CONSTRAINT student_identities_student_id_fk FOREIGN KEY (student_id, school_id) REFERENCES students (id, school_id)
);

CREATE INDEX student_identities_school_id_idx ON student_identities (school_id, student_id);
CREATE INDEX student_identities_school_id_school_email_idx
    ON student_identities (school_id, lower(school_email)) WHERE school_email IS NOT NULL;

GRANT SELECT, INSERT, UPDATE (given_name, prefix, family_name, school_email, postcode4)
    ON student_identities TO stagepunt_app;

SELECT enforce_row_security('student_identities');

CREATE POLICY student_identities_select ON student_identities FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            ELSE false END);

CREATE POLICY student_identities_insert ON student_identities FOR INSERT TO stagepunt_app
    WITH CHECK ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

CREATE POLICY student_identities_update ON student_identities FOR UPDATE TO stagepunt_app
    USING ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

COMMENT ON TABLE student_identities IS 'Names, e-mail and postcode area of students; without a row the person was erased.';
COMMENT ON COLUMN student_identities.student_id IS 'Student that the identity is of.';
COMMENT ON COLUMN student_identities.school_id IS 'School of the student.';
COMMENT ON COLUMN student_identities.given_name IS 'First name by which the student is called.';
COMMENT ON COLUMN student_identities.prefix IS 'Prefix of the family name (tussenvoegsel).';
COMMENT ON COLUMN student_identities.family_name IS 'Family name without prefix.';
COMMENT ON COLUMN student_identities.school_email IS 'E-mail address at the school.';
COMMENT ON COLUMN student_identities.postcode4 IS 'Four digits of the postcode: the area in which the student lives.';
