-- A membership that has ended stops new work: a school no longer sees what is offered in that region.

CREATE FUNCTION current_regions() RETURNS uuid[] LANGUAGE sql STABLE
    RETURN ARRAY(
        SELECT m.region_id FROM memberships m
        WHERE m.organisation_id = (SELECT app_organisation())
            AND m.superseded_at IS NULL
            AND m.effective_from <= (SELECT app_today())
            AND (m.effective_to IS NULL OR m.effective_to > (SELECT app_today())));
COMMENT ON FUNCTION current_regions() IS 'Regions that the organisation of the calling client is a member of today.';

ALTER POLICY placement_offers_select ON placement_offers
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            WHEN 'school' THEN region_id = ANY ((SELECT current_regions())::uuid[])
                AND status = 'published'
                AND (cardinality(reserved_school_ids) = 0
                    OR (SELECT app_organisation()) = ANY (reserved_school_ids))
            ELSE false END);

CREATE FUNCTION bury_offers_of_region() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.tombstones (collection, resource_id, organisation_id)
    SELECT 'placement-offers', o.id, OLD.organisation_id
    FROM public.placement_offers o
    JOIN public.organisations s ON s.id = OLD.organisation_id AND s.kinds @> ARRAY['school']
    WHERE o.region_id = OLD.region_id
        AND o.status = 'published'
        AND (cardinality(o.reserved_school_ids) = 0 OR OLD.organisation_id = ANY (o.reserved_school_ids));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION bury_offers_of_region() IS 'Leaves a school a tombstone for every offer that it saw by a membership which no longer stands; readers skip those it still sees by the next version.';

CREATE TRIGGER bury_offers_of_region AFTER UPDATE OF superseded_at ON memberships
    FOR EACH ROW
    WHEN (OLD.effective_from <= app_today() AND (OLD.effective_to IS NULL OR OLD.effective_to > app_today()))
    EXECUTE FUNCTION bury_offers_of_region();
