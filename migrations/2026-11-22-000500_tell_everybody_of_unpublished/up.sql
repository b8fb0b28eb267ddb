-- What is no longer published leaves the view of everybody, not of one organisation or region.

ALTER TABLE tombstones
    DROP CONSTRAINT tombstones_organisation_id_region_id_check,
    ADD CONSTRAINT tombstones_organisation_id_region_id_check CHECK (num_nonnulls(organisation_id, region_id) <= 1);

CREATE INDEX tombstones_collection_idx ON tombstones (collection, recorded_tx, resource_id)
    WHERE organisation_id IS NULL AND region_id IS NULL;

ALTER POLICY tombstones_select ON tombstones
    USING (
        organisation_id = (SELECT app_organisation())
        OR region_id = ANY ((SELECT app_regions())::uuid[])
        OR organisation_id IS NULL AND region_id IS NULL AND (SELECT app_actor_kind()) = 'client');

CREATE FUNCTION bury_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.tombstones (collection, resource_id) VALUES ('initiatives', OLD.id);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION bury_publication() IS 'Leaves a tombstone for everybody who saw an initiative only because it was published.';

CREATE TRIGGER bury_publication AFTER UPDATE OF published, status ON initiatives
    FOR EACH ROW
    WHEN (OLD.published AND OLD.status NOT IN ('draft', 'withdrawn')
        AND NOT (NEW.published AND NEW.status NOT IN ('draft', 'withdrawn')))
    EXECUTE FUNCTION bury_publication();

COMMENT ON TABLE tombstones IS 'Rows that left the view of an organisation, a region or everybody; a reader skips those it can still see.';
COMMENT ON COLUMN tombstones.organisation_id IS 'Organisation that lost sight of it; null when a whole region or everybody did.';
COMMENT ON COLUMN tombstones.region_id IS 'Region whose members lost sight of it; null when one organisation or everybody did.';
