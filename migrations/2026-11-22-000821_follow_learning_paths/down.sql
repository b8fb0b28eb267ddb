DROP TRIGGER follow_learning_path ON learning_path_periods;
DROP FUNCTION follow_learning_path();

ALTER POLICY signals_insert ON signals
    WITH CHECK (
        raised_by = (SELECT app_organisation())
        AND (kind = 'student-left-roster') = (pg_trigger_depth() > 0)
        AND CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation()) AND shown_to_practice
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END);

DROP INDEX signals_placement_id_switched_key;

-- The code goes, the signal stays: paperwork is what it asked for.
ALTER TABLE signals NO FORCE ROW LEVEL SECURITY;
UPDATE signals SET kind = 'paperwork' WHERE kind = 'learning-path-switched';
ALTER TABLE signals FORCE ROW LEVEL SECURITY;
ALTER TABLE signals DROP CONSTRAINT signals_kind_check, ADD CONSTRAINT signals_kind_check CHECK (kind IN ('attendance',
    'wellbeing-at-work', 'conflict', 'host-capacity', 'student-left-roster', 'paperwork', 'other'));

CREATE OR REPLACE FUNCTION guard_placement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    role text := public.app_role();
    step record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.status := 'proposed';
        NEW.expires_on := NULL;
        NEW.ended_on := NULL;
        NEW.end_reason := NULL;
        RETURN NEW;
    END IF;
    IF role = 'school' AND (NEW.mentor_id, NEW.initiative_id) IS DISTINCT FROM (OLD.mentor_id, OLD.initiative_id)
        OR role IN ('school', 'practice') AND NEW.status = OLD.status AND NEW.expires_on IS DISTINCT FROM OLD.expires_on
        OR role = 'practice'
        AND (NEW.school_supervisor, NEW.starts_on, NEW.ends_on, NEW.hours_per_week, NEW.total_hours, NEW.employer_kind,
            NEW.employer_id, NEW.employed_from, NEW.employed_until, NEW.initiative_id)
        IS DISTINCT FROM (OLD.school_supervisor, OLD.starts_on, OLD.ends_on, OLD.hours_per_week, OLD.total_hours,
            OLD.employer_kind, OLD.employer_id, OLD.employed_from, OLD.employed_until, OLD.initiative_id) THEN
        RAISE EXCEPTION 'this is for another side to change'
            USING ERRCODE = 'insufficient_privilege', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.status IN ('reserved', 'introduced') THEN
        NEW.expires_on := coalesce(NEW.expires_on, public.app_today() + 14);
    ELSE
        NEW.expires_on := NULL;
    END IF;
    IF NEW.status IN ('declined', 'completed', 'ended-early', 'cancelled') THEN
        SELECT t.effective_on, t.reason_code INTO step
        FROM public.placement_transitions t
        WHERE t.resource_id = NEW.id AND t.superseded_at IS NULL
        ORDER BY t.recorded_at DESC, t.id DESC
        LIMIT 1;
        NEW.ended_on := step.effective_on;
        NEW.end_reason := step.reason_code;
    ELSE
        NEW.ended_on := NULL;
        NEW.end_reason := NULL;
    END IF;
    RETURN NEW;
END
$$;

REVOKE UPDATE (learning_path) ON placements FROM stagepunt_app;
