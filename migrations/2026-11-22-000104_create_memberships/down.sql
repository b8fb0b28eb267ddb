ALTER POLICY organisations_update ON organisations
    USING (
        (SELECT app_role()) = 'platform'
        OR id = (SELECT app_organisation()));

DROP FUNCTION is_member_of_own_region(uuid);
DROP TABLE memberships;
