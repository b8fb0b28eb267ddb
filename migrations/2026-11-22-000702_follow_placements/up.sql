-- Whoever has a seat no longer waits for one; who loses it before the start waits again, at the same place.

ALTER TABLE placement_requests ADD CONSTRAINT placement_requests_id_student_id_key UNIQUE (id, student_id);
ALTER TABLE placements ADD CONSTRAINT placements_request_id_student_id_fk
    FOREIGN KEY (request_id, student_id) REFERENCES placement_requests (id, student_id);

CREATE FUNCTION follow_placement() RETURNS trigger LANGUAGE plpgsql AS $$
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
    INSERT INTO public.placement_request_transitions (id, resource_id, from_state, to_state, effective_on,
        client_id, organisation_id, role)
    SELECT gen_random_uuid(), NEW.request_id, current, wanted,
        greatest(public.app_today(), (
            SELECT max(t.effective_on) FROM public.placement_request_transitions t
            WHERE t.resource_id = NEW.request_id AND t.superseded_at IS NULL)),
        public.app_client(), public.app_organisation(), public.app_role();
    UPDATE public.placement_requests SET status = wanted, version = version + 1 WHERE id = NEW.request_id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION follow_placement() IS 'Moves the request of a placement along with it: placed from the reservation on, open again when it comes to nothing.';

CREATE TRIGGER follow_placement AFTER UPDATE OF status ON placements
    FOR EACH ROW WHEN (NEW.request_id IS NOT NULL) EXECUTE FUNCTION follow_placement();

-- The host moves the request along, through the trigger only, and never sees it; so does the sweep that
-- ends a reservation.
ALTER POLICY placement_requests_select ON placement_requests
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            WHEN 'practice' THEN pg_trigger_depth() > 0 AND EXISTS (
                SELECT FROM placements p
                WHERE p.request_id = placement_requests.id AND p.practice_id = (SELECT app_organisation()))
            ELSE (SELECT app_job()) = 'sweep-expired' AND (
                pg_trigger_depth() > 0
                OR status IN ('open', 'lapsed') AND ends_on < (SELECT app_today())) END);

ALTER POLICY placement_requests_update ON placement_requests
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            WHEN 'practice' THEN pg_trigger_depth() > 0
            ELSE (SELECT app_job()) = 'sweep-expired' AND (
                pg_trigger_depth() > 0
                OR status = 'open' AND ends_on < (SELECT app_today())) END)
    WITH CHECK (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            WHEN 'practice' THEN pg_trigger_depth() > 0
            ELSE (SELECT app_job()) = 'sweep-expired' AND (
                pg_trigger_depth() > 0
                OR status = 'lapsed' AND ends_on < (SELECT app_today())) END);

ALTER POLICY placement_request_transitions_insert ON placement_request_transitions
    WITH CHECK (
        client_id IS NOT DISTINCT FROM (SELECT app_client())
        AND organisation_id IS NOT DISTINCT FROM (SELECT app_organisation())
        AND role IS NOT DISTINCT FROM (SELECT app_role())
        AND mandate_id IS NULL
        AND EXISTS (
            SELECT FROM placement_requests parent
            WHERE parent.id = resource_id
                AND CASE (SELECT app_role())
                    WHEN 'school' THEN parent.school_id = (SELECT app_organisation())
                    WHEN 'region' THEN parent.region_id = ANY ((SELECT app_regions())::uuid[])
                    WHEN 'practice' THEN pg_trigger_depth() > 0
                    ELSE (SELECT app_job()) = 'sweep-expired' AND (
                        pg_trigger_depth() > 0 OR from_state = 'open' AND to_state = 'lapsed') END));

-- Whoever may move the request along reads where its history stands.
ALTER POLICY placement_request_transitions_select ON placement_request_transitions
    USING (EXISTS (SELECT FROM placement_requests parent WHERE parent.id = placement_request_transitions.resource_id));
