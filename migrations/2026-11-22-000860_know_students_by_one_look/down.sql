CREATE OR REPLACE FUNCTION current_regions() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL UNSAFE
    RETURN ARRAY(
        SELECT m.region_id FROM memberships m
        WHERE m.organisation_id = (SELECT app_organisation())
            AND m.superseded_at IS NULL
            AND m.effective_from <= (SELECT app_today())
            AND (m.effective_to IS NULL OR m.effective_to > (SELECT app_today())));

ALTER POLICY placement_requests_select ON placement_requests
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            WHEN 'practice' THEN pg_trigger_depth() > 0 AND EXISTS (
                SELECT FROM placements p
                WHERE p.request_id = placement_requests.id AND p.practice_id = (SELECT app_organisation()))
            ELSE (SELECT app_job()) = 'sweep-expired'
                AND (pg_trigger_depth() > 0
                    OR status IN ('open', 'lapsed') AND ends_on < (SELECT app_today())) END);
DROP FUNCTION has_own_placement_for(uuid);

ALTER POLICY students_select ON students
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN EXISTS (
                SELECT FROM placement_requests r
                WHERE r.student_id = students.id
                    AND r.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND r.status = 'open'
                    AND r.ends_on >= (SELECT app_today()))
                OR EXISTS (
                SELECT FROM placements p
                WHERE p.student_id = students.id
                    AND p.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND p.status NOT IN ('declined', 'cancelled')
                    AND (p.ended_on IS NULL OR p.ended_on + 30 >= (SELECT app_today())))
            ELSE false END);

ALTER POLICY student_identities_select ON student_identities
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN EXISTS (
                SELECT FROM placement_requests r
                WHERE r.student_id = student_identities.student_id
                    AND r.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND r.status = 'open'
                    AND r.ends_on >= (SELECT app_today()))
                OR EXISTS (
                SELECT FROM placements p
                WHERE p.student_id = student_identities.student_id
                    AND p.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND p.status NOT IN ('declined', 'cancelled')
                    AND (p.ended_on IS NULL OR p.ended_on + 30 >= (SELECT app_today())))
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
            WHEN 'region' THEN EXISTS (
                SELECT FROM placement_requests r
                WHERE r.student_id = learning_path_periods.student_id
                    AND r.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND r.status = 'open'
                    AND r.ends_on >= (SELECT app_today()))
                OR EXISTS (
                SELECT FROM placements p
                WHERE p.student_id = learning_path_periods.student_id
                    AND p.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND p.status NOT IN ('declined', 'cancelled')
                    AND (p.ended_on IS NULL OR p.ended_on + 30 >= (SELECT app_today())))
            ELSE false END);
DROP FUNCTION is_student_of_own_region(uuid);
