ALTER POLICY hosting_intents_select ON hosting_intents
    USING (
        CASE WHEN (SELECT app_role()) = 'practice' THEN organisation_id = (SELECT app_organisation())
            WHEN (SELECT app_role()) IN ('region', 'school') THEN EXISTS (
                SELECT FROM memberships m
                WHERE m.organisation_id = hosting_intents.organisation_id
                    AND m.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND m.superseded_at IS NULL)
            ELSE false END);
