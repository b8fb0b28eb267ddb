COMMENT ON TABLE tombstones IS 'Rows that left the view of an organisation or a region; a reader skips those it can still see.';
COMMENT ON COLUMN tombstones.organisation_id IS 'Organisation that lost sight of it; null when a whole region did.';
COMMENT ON COLUMN tombstones.region_id IS 'Region whose members lost sight of it; null when one organisation did.';

DROP TRIGGER bury_publication ON initiatives;
DROP FUNCTION bury_publication();

ALTER POLICY tombstones_select ON tombstones
    USING (
        organisation_id = (SELECT app_organisation())
        OR region_id = ANY ((SELECT app_regions())::uuid[]));

ALTER TABLE tombstones NO FORCE ROW LEVEL SECURITY;
DELETE FROM tombstones WHERE organisation_id IS NULL AND region_id IS NULL;
ALTER TABLE tombstones FORCE ROW LEVEL SECURITY;

DROP INDEX tombstones_collection_idx;
ALTER TABLE tombstones
    DROP CONSTRAINT tombstones_organisation_id_region_id_check,
    ADD CONSTRAINT tombstones_organisation_id_region_id_check CHECK (num_nonnulls(organisation_id, region_id) = 1);
