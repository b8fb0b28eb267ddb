-- Students of a school's programmes, without their names: everything else knows a student by its id.

CREATE TABLE students (
    id uuid CONSTRAINT students_pkey PRIMARY KEY,
    school_id uuid NOT NULL CONSTRAINT students_school_id_fk REFERENCES organisations (id),
    sourced_id text NOT NULL
        CONSTRAINT students_sourced_id_check CHECK (sourced_id ~ '^[!-~]{1,255}$'),
    programme_id uuid NOT NULL,
    cohort_id uuid,
    study_year smallint CONSTRAINT students_study_year_check CHECK (study_year BETWEEN 1 AND 6),
    available_from date,
    available_until date,
    available_days text[],
    max_travel_minutes integer
        CONSTRAINT students_max_travel_minutes_check CHECK (max_travel_minutes BETWEEN 1 AND 480),
    active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1 CONSTRAINT students_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    updated_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT students_school_id_sourced_id_key UNIQUE (school_id, sourced_id),
    CONSTRAINT students_id_school_id_key UNIQUE (id, school_id),
    CONSTRAINT students_programme_id_fk FOREIGN KEY (programme_id, school_id) REFERENCES programmes (id, school_id),
    CONSTRAINT students_cohort_id_fk FOREIGN KEY (cohort_id, programme_id) REFERENCES cohorts (id, programme_id),
    CONSTRAINT students_available_until_check CHECK (available_until >= available_from),
    CONSTRAINT students_available_days_check CHECK (
        cardinality(available_days) >= 1
        AND is_code_list(available_days, ARRAY['monday', 'tuesday', 'wednesday', 'thursday', 'friday',
            'saturday', 'sunday']))
);

CREATE INDEX students_school_id_idx ON students (school_id, id);
CREATE INDEX students_programme_id_idx ON students (programme_id, id);
CREATE INDEX students_cohort_id_idx ON students (cohort_id, id) WHERE cohort_id IS NOT NULL;
CREATE INDEX students_school_id_updated_tx_idx ON students (school_id, updated_tx, id);

CREATE TRIGGER stamp_feed BEFORE INSERT OR UPDATE ON students FOR EACH ROW EXECUTE FUNCTION stamp_feed();

GRANT SELECT, INSERT, UPDATE (programme_id, cohort_id, study_year, available_from, available_until, available_days,
    max_travel_minutes, active, version) ON students TO stagepunt_app;

SELECT enforce_row_security('students');

CREATE POLICY students_select ON students FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            ELSE false END);

CREATE POLICY students_insert ON students FOR INSERT TO stagepunt_app
    WITH CHECK ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

CREATE POLICY students_update ON students FOR UPDATE TO stagepunt_app
    USING ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

COMMENT ON TABLE students IS 'Students (studenten) of registered programmes, without their names.';
COMMENT ON COLUMN students.school_id IS 'School that the student is of.';
COMMENT ON COLUMN students.sourced_id IS 'Key of the student in the school''s own system, opaque to us.';
COMMENT ON COLUMN students.programme_id IS 'Programme that the student follows.';
COMMENT ON COLUMN students.cohort_id IS 'Cohort of that programme.';
COMMENT ON COLUMN students.study_year IS 'Year of study, from 1.';
COMMENT ON COLUMN students.available_from IS 'First day on which the student can be placed.';
COMMENT ON COLUMN students.available_until IS 'Last day on which the student can be placed.';
COMMENT ON COLUMN students.available_days IS 'Days of the week on which the student can work.';
COMMENT ON COLUMN students.max_travel_minutes IS 'Longest travelling time one way, in minutes.';
COMMENT ON COLUMN students.active IS 'False once the student is no longer on the school''s roster.';
SELECT describe_shared_columns('students');
