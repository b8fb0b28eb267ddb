CREATE OR REPLACE FUNCTION follow_placement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    came_to_nothing constant text[] := ARRAY['proposed', 'declined', 'cancelled'];
    current text;
    wanted text := CASE WHEN NEW.status = ANY (came_to_nothing) THEN 'open' ELSE 'placed' END;
BEGIN
    IF (OLD.status = ANY (came_to_nothing)) = (NEW.status = ANY (came_to_nothing)) THEN
        RETURN NULL;
    END IF;
    SELECT r.status INTO current FROM public.placement_requests r WHERE r.id = NEW.request_id FOR NO KEY UPDATE;
    IF wanted = 'placed' AND current NOT IN ('open', 'placed') THEN
        RAISE EXCEPTION 'the request of a placement is not open'
            USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                CONSTRAINT = 'placements_request_id_check';
    END IF;
    IF current = wanted OR wanted = 'open' AND (current <> 'placed' OR EXISTS (
        SELECT FROM public.placements p
        WHERE p.request_id = NEW.request_id AND p.id <> NEW.id AND p.status <> ALL (came_to_nothing))) THEN
        RETURN NULL;
    END IF;
    BEGIN
        INSERT INTO public.placement_request_transitions (id, resource_id, from_state, to_state, effective_on,
            client_id, organisation_id, role)
        SELECT public.uuid7(), NEW.request_id, current, wanted,
            greatest(public.app_today(), (
                SELECT max(t.effective_on) FROM public.placement_request_transitions t
                WHERE t.resource_id = NEW.request_id AND t.superseded_at IS NULL)),
            public.app_client(), public.app_organisation(), public.app_role();
        UPDATE public.placement_requests SET status = wanted, version = version + 1 WHERE id = NEW.request_id;
    EXCEPTION WHEN exclusion_violation THEN
        -- The student waits by another request already, which whoever moves the placement may not see.
        NULL;
    END;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION follow_placement() IS 'Moves the request of a placement along with it: placed from the reservation on, open again when it comes to nothing and no other one of the student is open in these days.';

DROP TRIGGER guard_placements_held ON placement_requests;
DROP FUNCTION guard_placements_held();

ALTER TABLE placement_requests DROP COLUMN placements_held;
