-- Whoever may not speak for a host is told so before anything else about its intent.

CREATE FUNCTION may_state_intent(organisation_id uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE app_role()
        WHEN 'practice' THEN organisation_id = app_organisation()
        WHEN 'region' THEN is_member_of_own_region(organisation_id)
        ELSE false END;
COMMENT ON FUNCTION may_state_intent(uuid) IS 'Whether the caller states intents of a host: itself, or a bureau of its region.';
