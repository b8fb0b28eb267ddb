DROP TRIGGER follow_placement ON placements;
DROP FUNCTION follow_placement();
ALTER TABLE placements DROP CONSTRAINT placements_request_id_student_id_fk;
ALTER TABLE placement_requests DROP CONSTRAINT placement_requests_id_student_id_key;

ALTER POLICY placement_requests_select ON placement_requests
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE (SELECT app_job()) = 'sweep-expired'
                AND status IN ('open', 'lapsed') AND ends_on < (SELECT app_today()) END);

ALTER POLICY placement_requests_update ON placement_requests
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE (SELECT app_job()) = 'sweep-expired' AND status = 'open' AND ends_on < (SELECT app_today()) END)
    WITH CHECK (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE (SELECT app_job()) = 'sweep-expired' AND status = 'lapsed' AND ends_on < (SELECT app_today()) END);

ALTER POLICY placement_request_transitions_insert ON placement_request_transitions
    WITH CHECK (
        client_id IS NOT DISTINCT FROM (SELECT app_client())
        AND organisation_id IS NOT DISTINCT FROM (SELECT app_organisation())
        AND role IS NOT DISTINCT FROM (SELECT app_role())
        AND (mandate_id IS NULL OR EXISTS (
            SELECT FROM mandates m
            WHERE m.id = mandate_id AND m.status = 'granted'
                AND m.bureau_organisation_id = (SELECT app_organisation())))
        AND EXISTS (
            SELECT FROM placement_requests parent
            WHERE parent.id = resource_id
                AND CASE (SELECT app_role())
                    WHEN 'school' THEN parent.school_id = (SELECT app_organisation())
                    WHEN 'region' THEN parent.region_id = ANY ((SELECT app_regions())::uuid[])
                    ELSE (SELECT app_job()) = 'sweep-expired'
                        AND from_state = 'open' AND to_state = 'lapsed' AND mandate_id IS NULL END));
