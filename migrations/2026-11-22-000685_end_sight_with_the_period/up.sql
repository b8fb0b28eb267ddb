-- A bureau sees whom a request is for until its last day, whether or not somebody closes it then.

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
            ELSE false END);
