-- Whoever proposed or reserved a seat read that the offer is published, and whoever closed it or took its
-- publication back read that nobody had: at the same moment both were right. A placement now holds the offer while
-- it enters or takes a seat, and so waits for whoever changes it.
--
-- And of seats for one student in the same days the exclusion constraint lets one be taken, but two that were written
-- at the same moment may each wait for the other, which ends as a deadlock: those who take one stand in line.

CREATE FUNCTION seat_lock(student uuid) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN hashtextextended('stagepunt.seat:' || student::text, 0);
COMMENT ON FUNCTION seat_lock(uuid) IS 'Advisory lock of whoever takes a seat for the student.';

CREATE FUNCTION require_published_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The seat is counted on the offer next: a shared lock would have two reservations wait for each other.
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM public.placement_offers WHERE id = NEW.offer_id AND status = 'published' FOR SHARE;
    ELSE
        PERFORM pg_advisory_xact_lock(public.seat_lock(NEW.student_id));
        PERFORM FROM public.placement_offers WHERE id = NEW.offer_id AND status = 'published' FOR NO KEY UPDATE;
    END IF;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the offer of a placement is not published'
            USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                CONSTRAINT = 'placements_offer_id_check';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION require_published_offer() IS 'Refuses a placement that enters, or takes a seat, while its offer is not published.';

CREATE TRIGGER require_published_offer BEFORE INSERT ON placements
    FOR EACH ROW EXECUTE FUNCTION require_published_offer();
CREATE TRIGGER require_published_offer_for_seat BEFORE UPDATE OF status ON placements
    FOR EACH ROW
    WHEN (holds_seat(NEW.status) AND OLD.status IN ('proposed', 'declined', 'cancelled'))
    EXECUTE FUNCTION require_published_offer();
