-- The public catalogue names regions, leads and partners of published initiatives, and nobody else.

ALTER POLICY organisations_select ON organisations
    USING (
        (SELECT app_actor_kind()) = 'client'
        OR (SELECT app_job()) IN ('sign-in', 'manage-clients')
        OR (SELECT app_actor_kind()) = 'public' AND (
            EXISTS (SELECT FROM initiatives i WHERE i.lead_organisation_id = organisations.id)
            OR EXISTS (SELECT FROM initiative_partners p WHERE p.organisation_id = organisations.id)));

ALTER POLICY regions_select ON regions
    USING (
        (SELECT app_actor_kind()) = 'client'
        OR (SELECT app_job()) IN ('sign-in', 'manage-clients')
        OR (SELECT app_actor_kind()) = 'public'
            AND EXISTS (SELECT FROM initiatives i WHERE i.region_id = regions.id));
