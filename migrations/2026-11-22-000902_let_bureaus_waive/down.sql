-- A policy for UPDATE cannot lose its WITH CHECK: it is made anew.
DROP POLICY compliance_items_update ON compliance_items;
CREATE POLICY compliance_items_update ON compliance_items FOR UPDATE TO stagepunt_app
    USING ((
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END) AND (true));

ALTER POLICY compliance_items_insert ON compliance_items
    WITH CHECK ((
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END) AND (true));
