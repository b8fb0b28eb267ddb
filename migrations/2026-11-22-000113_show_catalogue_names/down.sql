ALTER POLICY organisations_select ON organisations
    USING (
        (SELECT app_actor_kind()) = 'client'
        OR (SELECT app_job()) IN ('sign-in', 'manage-clients'));

ALTER POLICY regions_select ON regions
    USING (
        (SELECT app_actor_kind()) = 'client'
        OR (SELECT app_job()) IN ('sign-in', 'manage-clients'));
