-- A class of a school's own system belongs to a programme; OneRoster knows only classes.

CREATE TABLE roster_class_mappings (
    id uuid CONSTRAINT roster_class_mappings_pkey PRIMARY KEY,
    school_id uuid NOT NULL,
    class_sourced_id text NOT NULL
        CONSTRAINT roster_class_mappings_class_sourced_id_check CHECK (class_sourced_id ~ '^[!-~]{1,255}$'),
    programme_id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1 CONSTRAINT roster_class_mappings_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT roster_class_mappings_school_id_class_sourced_id_key UNIQUE (school_id, class_sourced_id),
    CONSTRAINT roster_class_mappings_programme_id_fk
        FOREIGN KEY (programme_id, school_id) REFERENCES programmes (id, school_id)
);

CREATE INDEX roster_class_mappings_school_id_idx ON roster_class_mappings (school_id, id);
CREATE INDEX roster_class_mappings_programme_id_idx ON roster_class_mappings (programme_id);

CREATE TRIGGER stamp_update BEFORE UPDATE ON roster_class_mappings FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, DELETE, UPDATE (programme_id, version) ON roster_class_mappings TO stagepunt_app;

SELECT enforce_row_security('roster_class_mappings');

CREATE POLICY roster_class_mappings_select ON roster_class_mappings FOR SELECT TO stagepunt_app
    USING ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

CREATE POLICY roster_class_mappings_insert ON roster_class_mappings FOR INSERT TO stagepunt_app
    WITH CHECK ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

CREATE POLICY roster_class_mappings_update ON roster_class_mappings FOR UPDATE TO stagepunt_app
    USING ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

CREATE POLICY roster_class_mappings_delete ON roster_class_mappings FOR DELETE TO stagepunt_app
    USING ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

COMMENT ON TABLE roster_class_mappings IS 'Which programme the classes of a school''s own system belong to.';
COMMENT ON COLUMN roster_class_mappings.school_id IS 'School whose classes they are.';
COMMENT ON COLUMN roster_class_mappings.class_sourced_id IS 'Key of the class in the school''s system.';
COMMENT ON COLUMN roster_class_mappings.programme_id IS 'Programme that the class belongs to.';
SELECT describe_shared_columns('roster_class_mappings');
