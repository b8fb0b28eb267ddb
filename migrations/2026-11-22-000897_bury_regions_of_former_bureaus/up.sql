-- A region that gets another bureau leaves the view of the one it had, with all that is in it.

-- The platform sees none of it, so the trigger looks with the eyes of the former bureau and takes them off
-- again; what it writes are ids that this bureau saw.
CREATE FUNCTION bury_region_of_former_bureau() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    caller_role text := coalesce(current_setting('app.role', true), '');
    caller_regions text := coalesce(current_setting('app.regions', true), '');
BEGIN
    PERFORM set_config('app.role', 'region', true), set_config('app.regions', format('{%s}', OLD.id), true);
    INSERT INTO public.tombstones (collection, resource_id, organisation_id)
    SELECT lost.collection, lost.id, OLD.bureau_organisation_id
    FROM (
        SELECT 'initiatives', i.id FROM public.initiatives i
        WHERE i.region_id = OLD.id AND NOT (i.published AND i.status NOT IN ('draft', 'withdrawn'))
        UNION ALL SELECT 'placement-offers', o.id FROM public.placement_offers o WHERE o.region_id = OLD.id
        UNION ALL SELECT 'placement-requests', r.id FROM public.placement_requests r WHERE r.region_id = OLD.id
        UNION ALL SELECT 'placements', p.id FROM public.placements p WHERE p.region_id = OLD.id
    ) AS lost (collection, id);
    PERFORM set_config('app.role', caller_role, true), set_config('app.regions', caller_regions, true);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION bury_region_of_former_bureau() IS 'Leaves the former bureau of a region a tombstone for all that it saw there; readers skip what it still sees.';

CREATE TRIGGER bury_region_of_former_bureau AFTER UPDATE OF bureau_organisation_id ON regions
    FOR EACH ROW WHEN (NEW.bureau_organisation_id <> OLD.bureau_organisation_id)
    EXECUTE FUNCTION bury_region_of_former_bureau();
