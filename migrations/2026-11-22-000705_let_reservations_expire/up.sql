-- A seat that nobody confirms in time is given back: the system ends the reservation, and nothing else
-- of it; what follows from that follows as from anybody's step.

ALTER POLICY placements_select ON placements
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE (SELECT app_job()) = 'sweep-expired'
                AND (status IN ('reserved', 'introduced') AND expires_on < (SELECT app_today())
                    OR status = 'cancelled' AND end_reason = 'reservation-expired') END);

ALTER POLICY placements_update ON placements
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE (SELECT app_job()) = 'sweep-expired'
                AND status IN ('reserved', 'introduced') AND expires_on < (SELECT app_today()) END)
    WITH CHECK (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE (SELECT app_job()) = 'sweep-expired'
                AND status = 'cancelled' AND end_reason = 'reservation-expired' END);

ALTER POLICY placement_transitions_insert ON placement_transitions
    WITH CHECK (
        client_id IS NOT DISTINCT FROM (SELECT app_client())
        AND organisation_id IS NOT DISTINCT FROM (SELECT app_organisation())
        AND role IS NOT DISTINCT FROM (SELECT app_role())
        AND (mandate_id IS NULL OR EXISTS (
            SELECT FROM mandates m
            WHERE m.id = mandate_id AND m.status = 'granted'
                AND m.bureau_organisation_id = (SELECT app_organisation())))
        AND EXISTS (
            SELECT FROM placements parent
            WHERE parent.id = resource_id
                AND CASE (SELECT app_role())
                    WHEN 'practice' THEN parent.practice_id = (SELECT app_organisation())
                    WHEN 'school' THEN parent.school_id = (SELECT app_organisation())
                    WHEN 'region' THEN parent.region_id = ANY ((SELECT app_regions())::uuid[])
                    ELSE (SELECT app_job()) = 'sweep-expired'
                        AND to_state = 'cancelled' AND reason_code = 'reservation-expired' AND mandate_id IS NULL END));

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
            ELSE (SELECT app_job()) = 'sweep-expired' AND pg_trigger_depth() > 0 END);

ALTER POLICY placement_offers_update ON placement_offers
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
                AND (practice_id = ANY ((SELECT app_mandated('offers'))::uuid[]) OR pg_trigger_depth() > 0)
            WHEN 'school' THEN pg_trigger_depth() > 0
            ELSE (SELECT app_job()) = 'sweep-expired' AND pg_trigger_depth() > 0 END);

ALTER POLICY disclosures_select ON disclosures
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE (SELECT app_job()) = 'sweep-expired' AND pg_trigger_depth() > 0 END);
