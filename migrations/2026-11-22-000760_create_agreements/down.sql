DROP TRIGGER end_agreement ON placements;
DROP FUNCTION end_agreement();

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

ALTER POLICY links_select ON links
    USING (
        id = (SELECT app_link())
        OR organisation_id = (SELECT app_organisation())
        OR (SELECT app_job()) = 'sign-in');

ALTER POLICY links_update ON links
    USING (
        id = (SELECT app_link()) AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
        OR organisation_id = (SELECT app_organisation()))
    WITH CHECK (
        id = (SELECT app_link()) AND revoked_at IS NULL
        OR organisation_id = (SELECT app_organisation()));

DROP TABLE agreement_signatures;
DROP TABLE agreement_sheets;
DROP TABLE agreements;
DROP FUNCTION revoke_agreement_link();
