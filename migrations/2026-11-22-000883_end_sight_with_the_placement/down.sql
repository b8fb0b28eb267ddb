ALTER POLICY student_identities_select ON student_identities
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN is_student_of_own_region(student_id)
            WHEN 'practice' THEN EXISTS (
                SELECT FROM disclosures d
                WHERE d.student_id = student_identities.student_id
                    AND d.practice_id = (SELECT app_organisation())
                    AND (d.disclosed_until IS NULL OR d.disclosed_until >= (SELECT app_today())))
            ELSE false END);

ALTER TABLE disclosures ALTER COLUMN disclosed_until DROP NOT NULL;
COMMENT ON COLUMN disclosures.disclosed_until IS 'Last day; null while it is open.';

DROP TRIGGER follow_last_day ON placements;

CREATE OR REPLACE FUNCTION disclose_student() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IN ('introduced', 'confirmed', 'agreement-pending', 'ready', 'active', 'interrupted') THEN
        INSERT INTO public.disclosures (placement_id, region_id, school_id, practice_id, student_id, disclosed_on)
        VALUES (NEW.id, NEW.region_id, NEW.school_id, NEW.practice_id, NEW.student_id, public.app_today())
        ON CONFLICT (placement_id) DO UPDATE SET disclosed_until = NULL;
    ELSE
        UPDATE public.disclosures
        SET disclosed_until = CASE
            WHEN NEW.status IN ('completed', 'ended-early') THEN NEW.ended_on + 30
            -- From today on; the day before is the last.
            ELSE public.app_today() - 1 END
        WHERE placement_id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION is_student_of_own_region(student uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS
$$
BEGIN
    RETURN EXISTS (
            SELECT FROM placement_requests r
            WHERE r.student_id = student
                AND r.region_id = ANY ((SELECT app_regions())::uuid[])
                AND r.status = 'open'
                AND r.ends_on >= (SELECT app_today()))
        OR EXISTS (
            SELECT FROM placements p
            WHERE p.student_id = student
                AND p.region_id = ANY ((SELECT app_regions())::uuid[])
                AND p.status NOT IN ('declined', 'cancelled')
                AND (p.ended_on IS NULL OR p.ended_on + 30 >= (SELECT app_today())));
END
$$;
COMMENT ON FUNCTION is_student_of_own_region(uuid) IS
    'Whether the calling bureau is asked to place a student, or placed the student and the end is at most 30 days ago.';
