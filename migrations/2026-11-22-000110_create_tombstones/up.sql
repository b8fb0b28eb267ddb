-- What left somebody's view, for the updatedSince feeds.

CREATE TABLE tombstones (
    id uuid CONSTRAINT tombstones_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
    collection text NOT NULL CONSTRAINT tombstones_collection_check CHECK (char_length(collection) BETWEEN 1 AND 64),
    resource_id uuid NOT NULL,
    organisation_id uuid CONSTRAINT tombstones_organisation_id_fk REFERENCES organisations (id),
    region_id uuid CONSTRAINT tombstones_region_id_fk REFERENCES regions (id),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT tombstones_organisation_id_region_id_check CHECK (num_nonnulls(organisation_id, region_id) = 1)
);

CREATE INDEX tombstones_organisation_id_idx
    ON tombstones (organisation_id, collection, recorded_tx, resource_id) WHERE organisation_id IS NOT NULL;
CREATE INDEX tombstones_region_id_idx
    ON tombstones (region_id, collection, recorded_tx, resource_id) WHERE region_id IS NOT NULL;

GRANT SELECT, INSERT ON tombstones TO stagepunt_app;

SELECT enforce_row_security('tombstones');

CREATE POLICY tombstones_select ON tombstones FOR SELECT TO stagepunt_app
    USING (
        organisation_id = (SELECT app_organisation())
        OR region_id = ANY ((SELECT app_regions())::uuid[]));

-- Only a trigger on the table that a row left writes here, never a statement of its own.
CREATE POLICY tombstones_insert ON tombstones FOR INSERT TO stagepunt_app
    WITH CHECK (pg_trigger_depth() > 0);

COMMENT ON TABLE tombstones IS 'Rows that left the view of an organisation or a region; a reader skips those it can still see.';
COMMENT ON COLUMN tombstones.collection IS 'Collection that the row was listed in, as in its path.';
COMMENT ON COLUMN tombstones.resource_id IS 'Row that left.';
COMMENT ON COLUMN tombstones.organisation_id IS 'Organisation that lost sight of it; null when a whole region did.';
COMMENT ON COLUMN tombstones.region_id IS 'Region whose members lost sight of it; null when one organisation did.';
SELECT describe_shared_columns('tombstones');
