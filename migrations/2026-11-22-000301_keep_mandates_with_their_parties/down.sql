ALTER POLICY mandate_transitions_update ON mandate_transitions
    USING (EXISTS (
        SELECT FROM mandates parent
        WHERE parent.id = resource_id AND (
            (SELECT app_role()) = 'practice' AND parent.practice_id = (SELECT app_organisation())
            OR (SELECT app_role()) = 'region' AND parent.region_id = ANY ((SELECT app_regions())::uuid[]))));

ALTER POLICY mandate_transitions_insert ON mandate_transitions
    WITH CHECK (
        client_id IS NOT DISTINCT FROM (SELECT app_client())
        AND organisation_id IS NOT DISTINCT FROM (SELECT app_organisation())
        AND role IS NOT DISTINCT FROM (SELECT app_role())
        AND (mandate_id IS NULL OR EXISTS (
            SELECT FROM mandates m
            WHERE m.id = mandate_id AND m.status = 'granted'
                AND m.bureau_organisation_id = (SELECT app_organisation())))
        AND EXISTS (
            SELECT FROM mandates parent
            WHERE parent.id = resource_id AND (
                (SELECT app_role()) = 'practice' AND parent.practice_id = (SELECT app_organisation())
                OR (SELECT app_role()) = 'region' AND parent.region_id = ANY ((SELECT app_regions())::uuid[]))));

ALTER POLICY mandates_update ON mandates
    USING (
        (SELECT app_role()) = 'practice' AND practice_id = (SELECT app_organisation())
        OR (SELECT app_role()) = 'region' AND region_id = ANY ((SELECT app_regions())::uuid[]))
    WITH CHECK (
        (SELECT app_role()) = 'practice' AND practice_id = (SELECT app_organisation())
        OR (SELECT app_role()) = 'region' AND region_id = ANY ((SELECT app_regions())::uuid[])
            AND (status <> 'granted' OR origin = 'paper'));

DROP FUNCTION moves_mandate(uuid, uuid);
