-- How a student learned when: counted in figures, so never overwritten.

CREATE TABLE learning_path_periods (
    row_id uuid CONSTRAINT learning_path_periods_pkey PRIMARY KEY,
    id uuid NOT NULL,
    version integer NOT NULL,
    student_id uuid NOT NULL,
    school_id uuid NOT NULL,
    learning_path text NOT NULL
        CONSTRAINT learning_path_periods_learning_path_check
            CHECK (learning_path IN ('bol', 'bbl', 'third-path', 'full-time', 'part-time', 'dual')),
    accelerated boolean NOT NULL DEFAULT false,
    end_reason text
        CONSTRAINT learning_path_periods_end_reason_check
            CHECK (end_reason IN ('diploma', 'left', 'transferred', 'switched')),
    effective_from date NOT NULL,
    effective_to date,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    superseded_at timestamptz,
    superseded_tx xid8,
    CONSTRAINT learning_path_periods_student_id_fk
        FOREIGN KEY (student_id, school_id) REFERENCES students (id, school_id),
    CONSTRAINT learning_path_periods_effective_to_end_reason_check
        CHECK ((effective_to IS NULL) = (end_reason IS NULL)),
    CONSTRAINT learning_path_periods_student_id_excl EXCLUDE USING gist (
        (student_id::text) WITH =, daterange(effective_from, effective_to) WITH &&)
        WHERE (superseded_at IS NULL)
);

SELECT make_fact_table('learning_path_periods');

CREATE INDEX learning_path_periods_student_id_idx ON learning_path_periods (student_id, effective_from)
    WHERE superseded_at IS NULL;
CREATE INDEX learning_path_periods_school_id_idx ON learning_path_periods (school_id, learning_path, student_id)
    WHERE superseded_at IS NULL AND effective_to IS NULL;

CREATE POLICY learning_path_periods_select ON learning_path_periods FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            ELSE false END);

CREATE POLICY learning_path_periods_insert ON learning_path_periods FOR INSERT TO stagepunt_app
    WITH CHECK ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

CREATE POLICY learning_path_periods_update ON learning_path_periods FOR UPDATE TO stagepunt_app
    USING ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

COMMENT ON TABLE learning_path_periods IS 'Periods in which students follow a learning path (leerwegperiodes).';
COMMENT ON COLUMN learning_path_periods.student_id IS 'Student that follows it.';
COMMENT ON COLUMN learning_path_periods.school_id IS 'School of the student.';
COMMENT ON COLUMN learning_path_periods.learning_path IS 'Learning path (leerweg).';
COMMENT ON COLUMN learning_path_periods.accelerated IS 'Whether the student follows it at a faster pace (versneld).';
COMMENT ON COLUMN learning_path_periods.end_reason IS 'Why the period ended; null while it has not.';
