-- A mandate is moved by its two parties alone, and what a bureau does to it never ends in
-- granted: it may take its request back and give back what it got, but not undo a revocation.

CREATE FUNCTION moves_mandate(practice_id uuid, bureau_organisation_id uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(CASE app_role()
        WHEN 'practice' THEN practice_id = app_organisation()
        WHEN 'region' THEN bureau_organisation_id = app_organisation() END, false);
COMMENT ON FUNCTION moves_mandate(uuid, uuid) IS 'Whether the caller is the practice that gives a mandate or the bureau that receives it.';

ALTER POLICY mandates_update ON mandates
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN bureau_organisation_id = (SELECT app_organisation())
                AND region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END)
    WITH CHECK (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN bureau_organisation_id = (SELECT app_organisation())
                AND region_id = ANY ((SELECT app_regions())::uuid[])
                AND status IN ('requested', 'revoked')
            ELSE false END);

ALTER POLICY mandate_transitions_insert ON mandate_transitions
    WITH CHECK (
        client_id IS NOT DISTINCT FROM (SELECT app_client())
        AND organisation_id IS NOT DISTINCT FROM (SELECT app_organisation())
        AND role IS NOT DISTINCT FROM (SELECT app_role())
        AND (mandate_id IS NULL OR mandate_id = resource_id)
        AND EXISTS (
            SELECT FROM mandates parent
            WHERE parent.id = resource_id
                AND moves_mandate(parent.practice_id, parent.bureau_organisation_id)
                AND (mandate_id IS NULL OR parent.origin = 'paper' AND parent.status = 'granted')));

ALTER POLICY mandate_transitions_update ON mandate_transitions
    USING (EXISTS (
        SELECT FROM mandates parent
        WHERE parent.id = resource_id
            AND moves_mandate(parent.practice_id, parent.bureau_organisation_id)));
