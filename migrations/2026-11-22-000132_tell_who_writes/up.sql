-- Whether the caller may write a row it reads, for the list of allowed transitions in an answer.

CREATE FUNCTION writes_initiative(region_id uuid, lead_organisation_id uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(
        app_role() = 'region' AND region_id = ANY (app_regions())
        OR lead_organisation_id = app_organisation(), false);
COMMENT ON FUNCTION writes_initiative(uuid, uuid) IS 'Whether the caller is the bureau of the region or the lead organisation of an initiative.';
