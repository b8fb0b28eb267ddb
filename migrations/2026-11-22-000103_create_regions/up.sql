-- Regions, each with the organisation that is its placement bureau.

CREATE TABLE regions (
    id uuid CONSTRAINT regions_pkey PRIMARY KEY,
    code text NOT NULL
        CONSTRAINT regions_code_key UNIQUE
        CONSTRAINT regions_code_check CHECK (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND char_length(code) <= 64),
    name text NOT NULL CONSTRAINT regions_name_check CHECK (char_length(name) BETWEEN 1 AND 200),
    bureau_organisation_id uuid NOT NULL
        CONSTRAINT regions_bureau_organisation_id_fk REFERENCES organisations (id),
    version integer NOT NULL DEFAULT 1 CONSTRAINT regions_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX regions_bureau_organisation_id_idx ON regions (bureau_organisation_id, id);

CREATE TRIGGER stamp_update BEFORE UPDATE ON regions
    FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, UPDATE (code, name, bureau_organisation_id, version) ON regions TO stagepunt_app;

SELECT enforce_row_security('regions');

CREATE POLICY regions_select ON regions FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_actor_kind())
            WHEN 'client' THEN true
            WHEN 'job' THEN (SELECT app_job()) IN ('sign-in', 'manage-clients')
            ELSE false END);

CREATE POLICY regions_insert ON regions FOR INSERT TO stagepunt_app
    WITH CHECK ((SELECT app_role()) = 'platform');

-- The check on the new row keeps a bureau from giving its region to another.
CREATE POLICY regions_update ON regions FOR UPDATE TO stagepunt_app
    USING (
        (SELECT app_role()) = 'platform'
        OR (SELECT app_role()) = 'region' AND bureau_organisation_id = (SELECT app_organisation()));

COMMENT ON TABLE regions IS 'Regions in which placements are made, the second tenant column of most data.';
COMMENT ON COLUMN regions.code IS 'Short name for addresses and file names, as in midden-brabant.';
COMMENT ON COLUMN regions.name IS 'Name of the region.';
COMMENT ON COLUMN regions.bureau_organisation_id IS 'Placement bureau, or the care group that acts as one.';
SELECT describe_shared_columns('regions');
