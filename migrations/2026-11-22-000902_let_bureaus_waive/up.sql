-- What must be there before a start is the region's to demand, and so its bureau's to waive.

ALTER POLICY compliance_items_insert ON compliance_items
    WITH CHECK (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation()) AND status <> 'not-applicable'
            WHEN 'school' THEN school_id = (SELECT app_organisation()) AND status <> 'not-applicable'
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END);

ALTER POLICY compliance_items_update ON compliance_items
    WITH CHECK (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation()) AND status <> 'not-applicable'
            WHEN 'school' THEN school_id = (SELECT app_organisation()) AND status <> 'not-applicable'
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END);
