-- The public catalogue names regions, leads and partners of published initiatives, and nobody else.

ALTER POLICY organisations_select ON organisations
    USING (
        CASE (SELECT app_actor_kind())
            WHEN 'client' THEN true
            WHEN 'job' THEN (SELECT app_job()) IN ('sign-in', 'manage-clients')
            WHEN 'public' THEN
                EXISTS (SELECT FROM initiatives i WHERE i.lead_organisation_id = organisations.id)
                OR EXISTS (SELECT FROM initiative_partners p WHERE p.organisation_id = organisations.id)
            ELSE false END);

ALTER POLICY regions_select ON regions
    USING (
        CASE (SELECT app_actor_kind())
            WHEN 'client' THEN true
            WHEN 'job' THEN (SELECT app_job()) IN ('sign-in', 'manage-clients')
            WHEN 'public' THEN EXISTS (SELECT FROM initiatives i WHERE i.region_id = regions.id)
            ELSE false END);
