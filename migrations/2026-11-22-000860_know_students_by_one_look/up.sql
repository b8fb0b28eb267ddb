-- Whether a bureau deals with a student was a look of its own in each of three policies, planned anew
-- in every statement that joins them (a student read by id began 69 of these looks), and hashed, so that
-- all open requests were read where a few students were asked for. It stands in one function, whose
-- plan is kept and which finds the student by index. SQL functions that look into tables are parsed
-- again in every statement; in plpgsql they are not.

CREATE FUNCTION is_student_of_own_region(student uuid) RETURNS boolean
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

ALTER POLICY students_select ON students
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN is_student_of_own_region(id)
            ELSE false END);

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

ALTER POLICY learning_path_periods_select ON learning_path_periods
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN is_student_of_own_region(student_id)
            ELSE false END);

CREATE FUNCTION has_own_placement_for(request uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS
$$
BEGIN
    RETURN EXISTS (
        SELECT FROM placements p WHERE p.request_id = request AND p.practice_id = (SELECT app_organisation()));
END
$$;
COMMENT ON FUNCTION has_own_placement_for(uuid) IS
    'Whether a placement at the calling practice answers the request.';

ALTER POLICY placement_requests_select ON placement_requests
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            WHEN 'practice' THEN pg_trigger_depth() > 0 AND has_own_placement_for(id)
            ELSE (SELECT app_job()) = 'sweep-expired'
                AND (pg_trigger_depth() > 0
                    OR status IN ('open', 'lapsed') AND ends_on < (SELECT app_today())) END);

-- The same in plpgsql.
CREATE OR REPLACE FUNCTION current_regions() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS
$$
BEGIN
    RETURN ARRAY(
        SELECT m.region_id FROM memberships m
        WHERE m.organisation_id = (SELECT app_organisation())
            AND m.superseded_at IS NULL
            AND m.effective_from <= (SELECT app_today())
            AND (m.effective_to IS NULL OR m.effective_to > (SELECT app_today())));
END
$$;
