-- A membership that has ended stops new work: a school no longer sees what hosts of that region mean to offer.

ALTER POLICY hosting_intents_select ON hosting_intents
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN organisation_id = (SELECT app_organisation())
            WHEN 'region' THEN EXISTS (
                SELECT FROM memberships m
                WHERE m.organisation_id = hosting_intents.organisation_id
                    AND m.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND m.superseded_at IS NULL)
            WHEN 'school' THEN EXISTS (
                SELECT FROM memberships m
                WHERE m.organisation_id = hosting_intents.organisation_id
                    AND m.region_id = ANY ((SELECT current_regions())::uuid[])
                    AND m.superseded_at IS NULL)
            ELSE false END);
