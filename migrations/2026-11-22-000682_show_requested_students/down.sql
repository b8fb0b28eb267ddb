ALTER POLICY students_select ON students
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            ELSE false END);

ALTER POLICY student_identities_select ON student_identities
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            ELSE false END);

ALTER POLICY learning_path_periods_select ON learning_path_periods
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            ELSE false END);
