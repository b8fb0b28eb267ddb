-- Whether a request still has another placement was looked up under the policies of whoever moved one, who may
-- not see the others: a request could wait again while a student had a seat. The request counts them.

ALTER TABLE placement_requests
    ADD COLUMN placements_held smallint NOT NULL DEFAULT 0
        CONSTRAINT placement_requests_placements_held_check CHECK (placements_held >= 0);
COMMENT ON COLUMN placement_requests.placements_held IS
    'Placements that answer the request and did not come to nothing, from their reservation on; counted by a trigger on placements.';

GRANT UPDATE (placements_held) ON placement_requests TO stagepunt_app;

ALTER TABLE placements NO FORCE ROW LEVEL SECURITY;
ALTER TABLE placement_requests NO FORCE ROW LEVEL SECURITY;
ALTER TABLE placement_requests DISABLE TRIGGER USER;
UPDATE placement_requests r SET placements_held = held.placements
FROM (
    SELECT p.request_id, count(*) AS placements FROM placements p
    WHERE p.request_id IS NOT NULL AND p.status NOT IN ('proposed', 'declined', 'cancelled')
    GROUP BY p.request_id) AS held
WHERE held.request_id = r.id;
ALTER TABLE placement_requests ENABLE TRIGGER USER;
ALTER TABLE placement_requests FORCE ROW LEVEL SECURITY;
ALTER TABLE placements FORCE ROW LEVEL SECURITY;

CREATE FUNCTION guard_placements_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'the placements of a request are counted by placements only'
            USING ERRCODE = 'insufficient_privilege', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_placements_held() IS 'Refuses every change of the count that does not come from a placement.';

CREATE TRIGGER guard_placements_held BEFORE UPDATE OF placements_held ON placement_requests
    FOR EACH ROW EXECUTE FUNCTION guard_placements_held();

CREATE OR REPLACE FUNCTION follow_placement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    came_to_nothing constant text[] := ARRAY['proposed', 'declined', 'cancelled'];
    current text;
    held smallint;
    becomes text;
    is_held constant boolean := NEW.status <> ALL (came_to_nothing);
BEGIN
    IF is_held = (OLD.status <> ALL (came_to_nothing)) THEN
        RETURN NULL;
    END IF;
    SELECT r.status, r.placements_held + CASE WHEN is_held THEN 1 ELSE -1 END INTO current, held
    FROM public.placement_requests r WHERE r.id = NEW.request_id FOR NO KEY UPDATE;
    IF is_held AND current NOT IN ('open', 'placed') THEN
        RAISE EXCEPTION 'the request of a placement is not open'
            USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                CONSTRAINT = 'placements_request_id_check';
    END IF;
    becomes := CASE
        WHEN is_held THEN 'placed'
        WHEN current = 'placed' AND held = 0 THEN 'open'
        ELSE current END;
    IF becomes = current THEN
        UPDATE public.placement_requests SET placements_held = held WHERE id = NEW.request_id;
        RETURN NULL;
    END IF;
    BEGIN
        INSERT INTO public.placement_request_transitions (id, resource_id, from_state, to_state, effective_on,
            client_id, organisation_id, role)
        SELECT public.uuid7(), NEW.request_id, current, becomes,
            greatest(public.app_today(), (
                SELECT max(t.effective_on) FROM public.placement_request_transitions t
                WHERE t.resource_id = NEW.request_id AND t.superseded_at IS NULL)),
            public.app_client(), public.app_organisation(), public.app_role();
        UPDATE public.placement_requests SET status = becomes, placements_held = held, version = version + 1
        WHERE id = NEW.request_id;
    EXCEPTION WHEN exclusion_violation THEN
        -- The student waits by another request already, which whoever moves the placement may not see.
        UPDATE public.placement_requests SET placements_held = held WHERE id = NEW.request_id;
    END;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION follow_placement() IS 'Moves the request of a placement along with it: placed from the reservation on, open again when the last one that answers it comes to nothing and no other request of the student is open in these days.';
