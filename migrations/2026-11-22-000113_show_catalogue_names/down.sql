ALTER POLICY organisations_select ON organisations
    USING (
        CASE (SELECT app_actor_kind())
            WHEN 'client' THEN true
            WHEN 'job' THEN (SELECT app_job()) IN ('sign-in', 'manage-clients')
            ELSE false END);

ALTER POLICY regions_select ON regions
    USING (
        CASE (SELECT app_actor_kind())
            WHEN 'client' THEN true
            WHEN 'job' THEN (SELECT app_job()) IN ('sign-in', 'manage-clients')
            ELSE false END);
