-- An agreement that ended with its placement keeps ending on the same day when that day is corrected.

CREATE OR REPLACE FUNCTION end_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ended_on IS NOT NULL THEN
        UPDATE public.agreements SET ended_on = NEW.ended_on, end_reason = 'placement-ended', version = version + 1
        WHERE placement_id = NEW.id AND (ended_on IS NULL OR end_reason = 'placement-ended');
    ELSIF OLD.ended_on IS NOT NULL THEN
        UPDATE public.agreements SET ended_on = NULL, end_reason = NULL, version = version + 1
        WHERE placement_id = NEW.id AND end_reason = 'placement-ended';
    END IF;
    RETURN NULL;
END
$$;

DROP TRIGGER end_agreement ON placements;
CREATE TRIGGER end_agreement AFTER UPDATE OF status ON placements
    FOR EACH ROW WHEN ((OLD.status, OLD.ended_on) IS DISTINCT FROM (NEW.status, NEW.ended_on))
    EXECUTE FUNCTION end_agreement();
