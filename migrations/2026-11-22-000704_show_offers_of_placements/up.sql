-- A school sees the offers that its students were placed on, also when they are closed.

ALTER POLICY placement_offers_select ON placement_offers
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            WHEN 'school' THEN region_id = ANY ((SELECT current_regions())::uuid[])
                AND status = 'published'
                AND (cardinality(reserved_school_ids) = 0
                    OR (SELECT app_organisation()) = ANY (reserved_school_ids))
                OR EXISTS (
                    SELECT FROM placements p
                    WHERE p.offer_id = placement_offers.id AND p.school_id = (SELECT app_organisation()))
            ELSE false END);
