CREATE OR REPLACE FUNCTION end_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ended_on IS NOT NULL THEN
        UPDATE public.agreements SET ended_on = NEW.ended_on, version = version + 1
        WHERE placement_id = NEW.id AND ended_on IS NULL;
    ELSIF OLD.ended_on IS NOT NULL THEN
        UPDATE public.agreements SET ended_on = NULL, version = version + 1
        WHERE placement_id = NEW.id AND ended_on = OLD.ended_on;
    END IF;
    RETURN NULL;
END
$$;

ALTER TABLE agreements DROP CONSTRAINT agreements_ended_on_end_reason_check;
ALTER TABLE agreements DROP COLUMN end_reason;
