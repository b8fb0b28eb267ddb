ALTER POLICY organisation_sites_insert ON organisation_sites
    WITH CHECK (
        (SELECT app_role()) = 'platform'
        OR organisation_id = (SELECT app_organisation())
        OR (SELECT app_role()) = 'region' AND is_member_of_own_region(organisation_id));

ALTER POLICY organisation_sites_update ON organisation_sites
    USING (
        (SELECT app_role()) = 'platform'
        OR organisation_id = (SELECT app_organisation())
        OR (SELECT app_role()) = 'region' AND is_member_of_own_region(organisation_id));

ALTER POLICY organisation_sites_delete ON organisation_sites
    USING (
        (SELECT app_role()) = 'platform'
        OR organisation_id = (SELECT app_organisation())
        OR (SELECT app_role()) = 'region' AND is_member_of_own_region(organisation_id));

DROP FUNCTION is_host_of_own_region(uuid);
