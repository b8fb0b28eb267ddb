-- Who was no member after all no longer sees the initiatives of that region which are not for everybody.

CREATE FUNCTION bury_initiatives_of_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.tombstones (collection, resource_id, organisation_id)
    SELECT 'initiatives', i.id, OLD.organisation_id
    FROM public.initiatives i
    WHERE i.region_id = OLD.region_id
        AND i.status <> 'draft'
        AND NOT (i.published AND i.status <> 'withdrawn');
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION bury_initiatives_of_member() IS 'Leaves an organisation a tombstone for every initiative that it saw by a membership which no longer stands; readers skip those it still sees, by the next version or otherwise.';

CREATE TRIGGER bury_initiatives_of_member AFTER UPDATE OF superseded_at ON memberships
    FOR EACH ROW EXECUTE FUNCTION bury_initiatives_of_member();
