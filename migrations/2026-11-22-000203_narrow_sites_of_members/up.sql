-- A bureau mends the sites of hosts, as it does the hosts themselves, never those of a school.

CREATE FUNCTION is_host_of_own_region(organisation uuid) RETURNS boolean LANGUAGE sql STABLE
    RETURN is_member_of_own_region(organisation) AND EXISTS (
        SELECT FROM organisations o
        WHERE o.id = organisation AND o.kinds && ARRAY['practice', 'health-centre', 'out-of-hours-post']);
COMMENT ON FUNCTION is_host_of_own_region(uuid) IS 'Whether an organisation hosts interns and has an unended membership in a region of the caller.';

ALTER POLICY organisation_sites_insert ON organisation_sites
    WITH CHECK (
        (SELECT app_role()) = 'platform'
        OR organisation_id = (SELECT app_organisation())
        OR (SELECT app_role()) = 'region' AND is_host_of_own_region(organisation_id));

ALTER POLICY organisation_sites_update ON organisation_sites
    USING (
        (SELECT app_role()) = 'platform'
        OR organisation_id = (SELECT app_organisation())
        OR (SELECT app_role()) = 'region' AND is_host_of_own_region(organisation_id));

ALTER POLICY organisation_sites_delete ON organisation_sites
    USING (
        (SELECT app_role()) = 'platform'
        OR organisation_id = (SELECT app_organisation())
        OR (SELECT app_role()) = 'region' AND is_host_of_own_region(organisation_id));
