-- What a school teaches. Public knowledge in the field: every signed-in client reads it.

CREATE TABLE programmes (
    id uuid CONSTRAINT programmes_pkey PRIMARY KEY,
    school_id uuid NOT NULL CONSTRAINT programmes_school_id_fk REFERENCES organisations (id),
    code text NOT NULL CONSTRAINT programmes_code_check CHECK (char_length(code) BETWEEN 1 AND 64),
    name text NOT NULL CONSTRAINT programmes_name_check CHECK (char_length(name) BETWEEN 1 AND 200),
    qualification_id uuid NOT NULL CONSTRAINT programmes_qualification_id_fk REFERENCES qualifications (id),
    learning_paths text[] NOT NULL,
    study_years smallint NOT NULL CONSTRAINT programmes_study_years_check CHECK (study_years BETWEEN 1 AND 6),
    active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1 CONSTRAINT programmes_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT programmes_school_id_code_key UNIQUE (school_id, code),
    CONSTRAINT programmes_id_school_id_key UNIQUE (id, school_id),
    CONSTRAINT programmes_learning_paths_check CHECK (
        cardinality(learning_paths) >= 1
        AND is_code_list(learning_paths, ARRAY['bol', 'bbl', 'third-path', 'full-time', 'part-time', 'dual']))
);

CREATE INDEX programmes_school_id_idx ON programmes (school_id, id);
CREATE INDEX programmes_qualification_id_idx ON programmes (qualification_id, id);

CREATE TRIGGER stamp_update BEFORE UPDATE ON programmes FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, DELETE, UPDATE (code, name, learning_paths, study_years, active, version)
    ON programmes TO stagepunt_app;

SELECT enforce_row_security('programmes');

CREATE POLICY programmes_select ON programmes FOR SELECT TO stagepunt_app
    USING ((SELECT app_actor_kind()) = 'client');

CREATE POLICY programmes_insert ON programmes FOR INSERT TO stagepunt_app
    WITH CHECK ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

CREATE POLICY programmes_update ON programmes FOR UPDATE TO stagepunt_app
    USING ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

CREATE POLICY programmes_delete ON programmes FOR DELETE TO stagepunt_app
    USING ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

COMMENT ON TABLE programmes IS 'Programmes (opleidingen) of schools.';
COMMENT ON COLUMN programmes.school_id IS 'School that teaches it.';
COMMENT ON COLUMN programmes.code IS 'Code of the school''s own, unique in the school.';
COMMENT ON COLUMN programmes.name IS 'Name by which the school knows it.';
COMMENT ON COLUMN programmes.qualification_id IS 'Qualification that it leads to.';
COMMENT ON COLUMN programmes.learning_paths IS 'Learning paths (leerwegen) in which it is offered.';
COMMENT ON COLUMN programmes.study_years IS 'Nominal length in study years.';
COMMENT ON COLUMN programmes.active IS 'False once nobody enters it any more.';
SELECT describe_shared_columns('programmes');
