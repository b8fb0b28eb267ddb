-- A student who switches the learning path goes on in the same seat, under a new agreement: the one that
-- stands ends on the day of the switch, and school and bureau hear of it. A correction does the same, and
-- brings the agreement back that an earlier entry had ended.

GRANT UPDATE (learning_path) ON placements TO stagepunt_app;

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
    -- The learning path follows that of the student, never a statement of its own.
    IF NEW.learning_path <> OLD.learning_path AND pg_trigger_depth() < 2
        OR role = 'school' AND (NEW.mentor_id, NEW.initiative_id) IS DISTINCT FROM (OLD.mentor_id, OLD.initiative_id)
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

ALTER TABLE signals DROP CONSTRAINT signals_kind_check, ADD CONSTRAINT signals_kind_check CHECK (kind IN ('attendance',
    'wellbeing-at-work', 'conflict', 'host-capacity', 'student-left-roster', 'learning-path-switched', 'paperwork',
    'other'));

-- Said once while it is followed.
CREATE UNIQUE INDEX signals_placement_id_switched_key ON signals (placement_id)
    WHERE kind = 'learning-path-switched' AND status NOT IN ('resolved', 'dropout');

-- What follows from something else is said through a trigger only.
ALTER POLICY signals_insert ON signals
    WITH CHECK (
        raised_by = (SELECT app_organisation())
        AND (kind IN ('student-left-roster', 'learning-path-switched')) = (pg_trigger_depth() > 0)
        AND CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation()) AND shown_to_practice
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END);

CREATE FUNCTION follow_learning_path() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- As a list, lest a plan that was made for thousands read every placement for a single one.
    students uuid[] := ARRAY(SELECT n.student_id FROM periods_after n WHERE n.effective_to IS NULL);
    moved record;
    restored uuid;
    flagged uuid;
BEGIN
    FOR moved IN
        SELECT p.id, p.region_id, p.school_id, p.practice_id, n.learning_path, how.is_correction,
            CASE WHEN how.is_correction THEN public.app_today() ELSE n.effective_from END AS switched_on
        FROM public.placements p
        CROSS JOIN LATERAL (
            SELECT open.* FROM public.learning_path_periods open
            WHERE open.student_id = p.student_id AND open.superseded_at IS NULL AND open.effective_to IS NULL
        ) AS n
        CROSS JOIN LATERAL (
            SELECT EXISTS (
                SELECT FROM public.learning_path_periods o
                WHERE o.id = n.id AND o.version = n.version - 1
                    AND (o.learning_path = p.learning_path OR o.end_reason = 'switched')
            ) AS is_correction
        ) AS how
        WHERE p.student_id = ANY (students) AND p.learning_path <> n.learning_path
            AND p.status IN ('proposed', 'reserved', 'introduced', 'confirmed', 'agreement-pending', 'ready',
                'active', 'interrupted')
            AND (how.is_correction OR n.version = 1 AND p.learning_path = (
                SELECT CASE WHEN s.end_reason = 'switched' THEN s.learning_path END
                FROM public.learning_path_periods s
                WHERE s.student_id = p.student_id AND s.superseded_at IS NULL AND s.effective_from < n.effective_from
                ORDER BY s.effective_from DESC
                LIMIT 1))
        ORDER BY p.id
    LOOP
        -- Only the work-based path has an employer.
        UPDATE public.placements
        SET learning_path = moved.learning_path,
            employer_kind = CASE WHEN moved.learning_path = 'bbl' THEN employer_kind END,
            employer_id = CASE WHEN moved.learning_path = 'bbl' THEN employer_id END,
            employed_from = CASE WHEN moved.learning_path = 'bbl' THEN employed_from END,
            employed_until = CASE WHEN moved.learning_path = 'bbl' THEN employed_until END,
            version = version + 1
        WHERE id = moved.id;
        UPDATE public.agreements
        SET ended_on = moved.switched_on, end_reason = 'learning-path-switched', version = version + 1
        WHERE placement_id = moved.id AND ended_on IS NULL;
        restored := NULL;
        IF moved.is_correction THEN
            UPDATE public.agreements
            SET ended_on = NULL, end_reason = NULL, version = version + 1
            WHERE id = (
                SELECT a.id FROM public.agreements a
                JOIN public.agreement_sheets s ON s.agreement_id = a.id AND s.number = 1
                WHERE a.placement_id = moved.id AND a.end_reason = 'learning-path-switched'
                    AND s.learning_path = moved.learning_path
                ORDER BY a.id DESC
                LIMIT 1)
            RETURNING id INTO restored;
        END IF;
        IF restored IS NULL THEN
            INSERT INTO public.signals (id, placement_id, region_id, school_id, practice_id, kind, raised_on, raised_by,
                shown_to_practice)
            VALUES (gen_random_uuid(), moved.id, moved.region_id, moved.school_id, moved.practice_id,
                'learning-path-switched', public.app_today(), moved.school_id, false)
            ON CONFLICT DO NOTHING
            RETURNING id INTO flagged;
            INSERT INTO public.signal_transitions (id, resource_id, to_state, effective_on, client_id,
                organisation_id, role)
            SELECT gen_random_uuid(), flagged, 'raised', public.app_today(), public.app_client(),
                public.app_organisation(), public.app_role()
            WHERE flagged IS NOT NULL;
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION follow_learning_path() IS 'Lets every live placement follow its student to another learning path: ends the agreement, and raises a signal that a new one is needed; a correction brings back what an earlier entry had ended.';

CREATE TRIGGER follow_learning_path AFTER INSERT ON learning_path_periods
    REFERENCING NEW TABLE AS periods_after
    FOR EACH STATEMENT EXECUTE FUNCTION follow_learning_path();
