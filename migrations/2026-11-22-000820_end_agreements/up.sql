-- An agreement ends with its placement, when the student switches the learning path, or by hand; say why.

ALTER TABLE agreements ADD COLUMN end_reason text
    CONSTRAINT agreements_end_reason_check CHECK (end_reason IN (
        'placement-ended', 'learning-path-switched', 'party-changed', 'entered-wrongly', 'other'));

-- Until now every agreement that ended did so with its placement.
ALTER TABLE agreements NO FORCE ROW LEVEL SECURITY;
UPDATE agreements SET end_reason = 'placement-ended' WHERE ended_on IS NOT NULL;
ALTER TABLE agreements FORCE ROW LEVEL SECURITY;

ALTER TABLE agreements ADD CONSTRAINT agreements_ended_on_end_reason_check
    CHECK ((ended_on IS NULL) = (end_reason IS NULL));
COMMENT ON COLUMN agreements.end_reason IS 'Coded reason with which it ended; null while it stands.';
COMMENT ON COLUMN agreements.ended_on IS 'Day on which it ended; null while it stands.';

GRANT UPDATE (end_reason) ON agreements TO stagepunt_app;

CREATE OR REPLACE FUNCTION end_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ended_on IS NOT NULL THEN
        UPDATE public.agreements SET ended_on = NEW.ended_on, end_reason = 'placement-ended', version = version + 1
        WHERE placement_id = NEW.id AND ended_on IS NULL;
    ELSIF OLD.ended_on IS NOT NULL THEN
        UPDATE public.agreements SET ended_on = NULL, end_reason = NULL, version = version + 1
        WHERE placement_id = NEW.id AND end_reason = 'placement-ended';
    END IF;
    RETURN NULL;
END
$$;
