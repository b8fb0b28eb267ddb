-- A school does not undo what the bureau did with a request, nor the bureau what the school did.

ALTER POLICY placement_request_transitions_update ON placement_request_transitions
    USING (organisation_id = (SELECT app_organisation()) AND EXISTS (
        SELECT FROM placement_requests parent
        WHERE parent.id = placement_request_transitions.resource_id
            AND CASE (SELECT app_role())
                WHEN 'school' THEN parent.school_id = (SELECT app_organisation())
                WHEN 'region' THEN parent.region_id = ANY ((SELECT app_regions())::uuid[])
                ELSE false END));
