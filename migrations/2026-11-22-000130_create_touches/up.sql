-- Changes of what a resource shows that are no change of its own row, for the updatedSince feeds.

CREATE TABLE touches (
    id uuid CONSTRAINT touches_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
    collection text NOT NULL
        CONSTRAINT touches_collection_check CHECK (collection IN ('organisations', 'initiatives')),
    resource_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_tx xid8 NOT NULL DEFAULT pg_current_xact_id()
);

CREATE INDEX touches_collection_recorded_tx_idx ON touches (collection, recorded_tx, resource_id);

GRANT SELECT, INSERT ON touches TO stagepunt_app;

SELECT enforce_row_security('touches');

CREATE POLICY touches_select ON touches FOR SELECT TO stagepunt_app
    USING (
        CASE collection
            WHEN 'organisations' THEN EXISTS (SELECT FROM organisations parent WHERE parent.id = resource_id)
            WHEN 'initiatives' THEN EXISTS (SELECT FROM initiatives parent WHERE parent.id = resource_id)
            ELSE false END);

CREATE POLICY touches_insert ON touches FOR INSERT TO stagepunt_app
    WITH CHECK (
        CASE collection
            WHEN 'organisations' THEN EXISTS (SELECT FROM organisations parent WHERE parent.id = resource_id)
            WHEN 'initiatives' THEN EXISTS (SELECT FROM initiatives parent WHERE parent.id = resource_id)
            ELSE false END);

CREATE FUNCTION touch_parent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.touches (collection, resource_id)
    VALUES (TG_ARGV[0], (to_jsonb(coalesce(NEW, OLD)) ->> TG_ARGV[1])::uuid);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION touch_parent() IS 'Brings a resource into its feed when one of its parts changes; arguments: collection of the parent, column that names it.';

CREATE TRIGGER touch_parent AFTER INSERT OR UPDATE OR DELETE ON organisation_sites
    FOR EACH ROW EXECUTE FUNCTION touch_parent('organisations', 'organisation_id');
CREATE TRIGGER touch_parent AFTER INSERT OR UPDATE OR DELETE ON milestones
    FOR EACH ROW EXECUTE FUNCTION touch_parent('initiatives', 'initiative_id');
CREATE TRIGGER touch_parent AFTER INSERT OR UPDATE OR DELETE ON deliverables
    FOR EACH ROW EXECUTE FUNCTION touch_parent('initiatives', 'initiative_id');
CREATE TRIGGER touch_parent AFTER INSERT OR UPDATE ON barriers
    FOR EACH ROW EXECUTE FUNCTION touch_parent('initiatives', 'initiative_id');

COMMENT ON TABLE touches IS 'Derived changes of resources, append-only, so that a feed shows them without an update of the parent.';
COMMENT ON COLUMN touches.collection IS 'Collection of the resource, as in its path.';
COMMENT ON COLUMN touches.resource_id IS 'Resource that shows something else than before.';
SELECT describe_shared_columns('touches');
