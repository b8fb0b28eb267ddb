-- The year groups of a programme. A school tells the bureaus it works with how many it can admit.

CREATE TABLE cohorts (
    id uuid CONSTRAINT cohorts_pkey PRIMARY KEY,
    school_id uuid NOT NULL,
    programme_id uuid NOT NULL,
    school_year text NOT NULL CONSTRAINT cohorts_school_year_check CHECK (is_school_year(school_year)),
    form text NOT NULL
        CONSTRAINT cohorts_form_check CHECK (form IN ('regular', 'shortened', 'flexible')),
    intake_cap integer CONSTRAINT cohorts_intake_cap_check CHECK (intake_cap BETWEEN 0 AND 100000),
    cap_lifted_on date,
    version integer NOT NULL DEFAULT 1 CONSTRAINT cohorts_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT cohorts_programme_id_fk FOREIGN KEY (programme_id, school_id) REFERENCES programmes (id, school_id),
    CONSTRAINT cohorts_school_id_programme_id_school_year_form_key
        UNIQUE (school_id, programme_id, school_year, form),
    CONSTRAINT cohorts_id_school_id_key UNIQUE (id, school_id),
    CONSTRAINT cohorts_id_programme_id_key UNIQUE (id, programme_id),
    CONSTRAINT cohorts_cap_lifted_on_check CHECK (cap_lifted_on IS NULL OR intake_cap IS NOT NULL)
);

CREATE INDEX cohorts_school_id_idx ON cohorts (school_id, id);
CREATE INDEX cohorts_programme_id_idx ON cohorts (programme_id, id);

CREATE TRIGGER stamp_update BEFORE UPDATE ON cohorts FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, DELETE, UPDATE (intake_cap, cap_lifted_on, version) ON cohorts TO stagepunt_app;

SELECT enforce_row_security('cohorts');

-- Sight outlives a membership.
CREATE POLICY cohorts_select ON cohorts FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN EXISTS (
                SELECT FROM memberships m
                WHERE m.organisation_id = cohorts.school_id
                    AND m.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND m.superseded_at IS NULL)
            ELSE false END);

CREATE POLICY cohorts_insert ON cohorts FOR INSERT TO stagepunt_app
    WITH CHECK ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

CREATE POLICY cohorts_update ON cohorts FOR UPDATE TO stagepunt_app
    USING ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

CREATE POLICY cohorts_delete ON cohorts FOR DELETE TO stagepunt_app
    USING ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

COMMENT ON TABLE cohorts IS 'Year groups (cohorten, lichtingen) of programmes.';
COMMENT ON COLUMN cohorts.school_id IS 'School that teaches it.';
COMMENT ON COLUMN cohorts.programme_id IS 'Programme that the group follows.';
COMMENT ON COLUMN cohorts.school_year IS 'School year in which the group starts, as in 2018-2019.';
COMMENT ON COLUMN cohorts.form IS 'Regular, shortened or flexible.';
COMMENT ON COLUMN cohorts.intake_cap IS 'Most students that the school admits (numerus fixus); null without a cap.';
COMMENT ON COLUMN cohorts.cap_lifted_on IS 'Day from which the cap no longer holds; null while it does.';
SELECT describe_shared_columns('cohorts');
