-- Whoever proposed or reserved a seat read that the offer is published, and whoever closed it or took its
-- publication back read that nobody had: at the same moment both were right. And of seats for one student in the same
-- days the exclusion constraint lets one be taken, but two that were written at the same moment may each wait for the
-- other, which ends as a deadlock.
--
-- So whoever moves a placement or its days stands in line, always in this order: the placement, its student, its offer,
-- and then what follows from it.

CREATE FUNCTION seat_lock(student uuid) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN hashtextextended('stagepunt.seat:' || student::text, 0);
COMMENT ON FUNCTION seat_lock(uuid) IS 'Advisory lock of whoever moves a placement of the student, or its days.';

CREATE FUNCTION stand_in_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(public.seat_lock(NEW.student_id));
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION stand_in_line() IS 'Has those who move placements of one student wait for each other.';

CREATE TRIGGER stand_in_line BEFORE UPDATE OF status, starts_on, ends_on, ended_on ON placements
    FOR EACH ROW
    WHEN ((NEW.status, NEW.starts_on, NEW.ends_on, NEW.ended_on)
        IS DISTINCT FROM (OLD.status, OLD.starts_on, OLD.ends_on, OLD.ended_on))
    EXECUTE FUNCTION stand_in_line();

-- A placement begins with the mentor of its offer, as the offer stands when nobody changes it any more.
CREATE FUNCTION take_from_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT o.mentor_id INTO NEW.mentor_id FROM public.placement_offers o
    WHERE o.id = NEW.offer_id AND o.status = 'published' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the offer of a placement is not published'
            USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                CONSTRAINT = 'placements_offer_id_check';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION take_from_offer() IS 'Refuses a new placement whose offer is not published, and gives it the mentor of the offer.';

CREATE TRIGGER take_from_offer BEFORE INSERT ON placements
    FOR EACH ROW EXECUTE FUNCTION take_from_offer();

CREATE FUNCTION wait_for_offer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
BEGIN
    -- The seat is counted on the offer next: a shared lock would have two reservations wait for each other.
    SELECT o.status INTO stands FROM public.placement_offers o WHERE o.id = NEW.offer_id FOR NO KEY UPDATE;
    IF OLD.status IN ('proposed', 'declined', 'cancelled') AND stands IS DISTINCT FROM 'published' THEN
        RAISE EXCEPTION 'the offer of a placement is not published'
            USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                CONSTRAINT = 'placements_offer_id_check';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION wait_for_offer() IS 'Holds the offer before a placement takes a seat of it or gives one back, and refuses a first seat where it is not published.';

CREATE TRIGGER wait_for_offer BEFORE UPDATE OF status ON placements
    FOR EACH ROW WHEN (holds_seat(NEW.status) <> holds_seat(OLD.status)) EXECUTE FUNCTION wait_for_offer();
