-- What a host may expect of an intern in a study year: a school says so for its students, a bureau
-- for its region.

CREATE TABLE expectation_profiles (
    id uuid CONSTRAINT expectation_profiles_pkey PRIMARY KEY,
    owner_organisation_id uuid NOT NULL
        CONSTRAINT expectation_profiles_owner_organisation_id_fk REFERENCES organisations (id),
    qualification_id uuid NOT NULL
        CONSTRAINT expectation_profiles_qualification_id_fk REFERENCES qualifications (id),
    study_year smallint NOT NULL
        CONSTRAINT expectation_profiles_study_year_check CHECK (study_year BETWEEN 1 AND 6),
    summary text CONSTRAINT expectation_profiles_summary_check CHECK (char_length(summary) BETWEEN 1 AND 5000),
    tasks jsonb NOT NULL
        CONSTRAINT expectation_profiles_tasks_check
            CHECK (CASE jsonb_typeof(tasks) WHEN 'array' THEN jsonb_array_length(tasks) <= 100 ELSE false END),
    version integer NOT NULL DEFAULT 1 CONSTRAINT expectation_profiles_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT expectation_profiles_owner_qualification_id_study_year_key
        UNIQUE (owner_organisation_id, qualification_id, study_year)
);

CREATE INDEX expectation_profiles_qualification_id_idx ON expectation_profiles (qualification_id, study_year, id);

CREATE TRIGGER stamp_update BEFORE UPDATE ON expectation_profiles
    FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, DELETE, UPDATE (summary, tasks, version) ON expectation_profiles TO stagepunt_app;

SELECT enforce_row_security('expectation_profiles');

CREATE POLICY expectation_profiles_select ON expectation_profiles FOR SELECT TO stagepunt_app
    USING ((SELECT app_actor_kind()) = 'client');

CREATE POLICY expectation_profiles_insert ON expectation_profiles FOR INSERT TO stagepunt_app
    WITH CHECK (
        (SELECT app_role()) IN ('school', 'region') AND owner_organisation_id = (SELECT app_organisation()));

CREATE POLICY expectation_profiles_update ON expectation_profiles FOR UPDATE TO stagepunt_app
    USING ((SELECT app_role()) IN ('school', 'region') AND owner_organisation_id = (SELECT app_organisation()));

CREATE POLICY expectation_profiles_delete ON expectation_profiles FOR DELETE TO stagepunt_app
    USING ((SELECT app_role()) IN ('school', 'region') AND owner_organisation_id = (SELECT app_organisation()));

COMMENT ON TABLE expectation_profiles IS 'What may be expected of an intern in a study year (verwachtingsprofielen).';
COMMENT ON COLUMN expectation_profiles.owner_organisation_id IS 'School or bureau that wrote it.';
COMMENT ON COLUMN expectation_profiles.qualification_id IS 'Qualification that the intern is in training for.';
COMMENT ON COLUMN expectation_profiles.study_year IS 'Study year (leerjaar) of the intern, from 1.';
COMMENT ON COLUMN expectation_profiles.summary IS 'In a few sentences.';
COMMENT ON COLUMN expectation_profiles.tasks IS 'Tasks in order: name, week from which, supervised or independent, description.';
SELECT describe_shared_columns('expectation_profiles');
