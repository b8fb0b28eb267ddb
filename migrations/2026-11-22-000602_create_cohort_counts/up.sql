-- Who knocks at a school's door: people who are on no roster yet. A count holds until the next one.

CREATE TABLE cohort_counts (
    row_id uuid CONSTRAINT cohort_counts_pkey PRIMARY KEY,
    id uuid NOT NULL,
    version integer NOT NULL,
    cohort_id uuid NOT NULL,
    school_id uuid NOT NULL,
    applicants integer NOT NULL
        CONSTRAINT cohort_counts_applicants_check CHECK (applicants BETWEEN 0 AND 100000),
    applicants_waiting integer NOT NULL
        CONSTRAINT cohort_counts_applicants_waiting_check CHECK (applicants_waiting BETWEEN 0 AND applicants),
    enrolled integer NOT NULL CONSTRAINT cohort_counts_enrolled_check CHECK (enrolled BETWEEN 0 AND 100000),
    effective_from date NOT NULL,
    effective_to date CONSTRAINT cohort_counts_effective_to_null_check CHECK (effective_to IS NULL),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    superseded_at timestamptz,
    superseded_tx xid8,
    CONSTRAINT cohort_counts_cohort_id_fk FOREIGN KEY (cohort_id, school_id) REFERENCES cohorts (id, school_id)
);

SELECT make_fact_table('cohort_counts');

CREATE UNIQUE INDEX cohort_counts_cohort_id_effective_from_key ON cohort_counts (cohort_id, effective_from)
    WHERE superseded_at IS NULL;
CREATE INDEX cohort_counts_cohort_id_idx ON cohort_counts (cohort_id, id);

CREATE POLICY cohort_counts_select ON cohort_counts FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN EXISTS (
                SELECT FROM memberships m
                WHERE m.organisation_id = cohort_counts.school_id
                    AND m.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND m.superseded_at IS NULL)
            ELSE false END);

CREATE POLICY cohort_counts_insert ON cohort_counts FOR INSERT TO stagepunt_app
    WITH CHECK ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

CREATE POLICY cohort_counts_update ON cohort_counts FOR UPDATE TO stagepunt_app
    USING ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

COMMENT ON TABLE cohort_counts IS 'Counts of applicants and students of a cohort on a day (tellingen).';
COMMENT ON COLUMN cohort_counts.cohort_id IS 'Cohort that was counted.';
COMMENT ON COLUMN cohort_counts.school_id IS 'School of the cohort.';
COMMENT ON COLUMN cohort_counts.applicants IS 'People who applied (aanmeldingen).';
COMMENT ON COLUMN cohort_counts.applicants_waiting IS 'Of those, people who wait for a place (wachtlijst).';
COMMENT ON COLUMN cohort_counts.enrolled IS 'Students who are enrolled (inschrijvingen).';
COMMENT ON COLUMN cohort_counts.effective_from IS 'Day on which was counted (teldatum).';
COMMENT ON COLUMN cohort_counts.effective_to IS 'Always null: a count holds until the next one of its cohort.';
SELECT describe_shared_columns('cohort_counts');
