-- Never more placements than seats, however many book at once: the offer counts its taken seats,
-- and what it counts is what schools are shown, who see no placements but their own.

ALTER TABLE placement_offers ADD COLUMN seats_taken smallint NOT NULL DEFAULT 0
    CONSTRAINT placement_offers_seats_taken_check CHECK (seats_taken BETWEEN 0 AND seats);
COMMENT ON COLUMN placement_offers.seats_taken IS 'Seats held by placements from their reservation to their end, counted by a trigger on placements.';

GRANT UPDATE (seats_taken) ON placement_offers TO stagepunt_app;

CREATE FUNCTION holds_seat(status text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN status IN ('reserved', 'introduced', 'confirmed', 'agreement-pending', 'ready', 'active', 'interrupted');
COMMENT ON FUNCTION holds_seat(text) IS 'Whether a placement in this state holds a seat.';

-- A bureau books without the right to change offers: it may count, and only through the trigger.
ALTER POLICY placement_offers_update ON placement_offers
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
                AND (practice_id = ANY ((SELECT app_mandated('offers'))::uuid[]) OR pg_trigger_depth() > 0)
            WHEN 'school' THEN pg_trigger_depth() > 0
            ELSE false END);

CREATE FUNCTION guard_seats_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'seats are taken by placements only'
            USING ERRCODE = 'insufficient_privilege', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_seats_taken() IS 'Refuses every change of the count that does not come from a placement.';

CREATE TRIGGER guard_seats_taken BEFORE UPDATE OF seats_taken ON placement_offers
    FOR EACH ROW EXECUTE FUNCTION guard_seats_taken();

CREATE FUNCTION hold_seat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.placement_offers
    SET seats_taken = seats_taken + CASE WHEN public.holds_seat(NEW.status) THEN 1 ELSE -1 END
    WHERE id = NEW.offer_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the offer of a placement is out of sight'
            USING ERRCODE = 'insufficient_privilege', SCHEMA = TG_TABLE_SCHEMA, TABLE = 'placement_offers';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hold_seat() IS 'Takes a seat of the offer when a placement begins to hold one, and gives it back when it no longer does.';

CREATE TRIGGER hold_seat AFTER UPDATE OF status ON placements
    FOR EACH ROW WHEN (holds_seat(NEW.status) <> holds_seat(OLD.status)) EXECUTE FUNCTION hold_seat();
