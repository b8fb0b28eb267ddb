-- A policy is part of the plan of every statement that reads its table. A look into another table that
-- few callers ever need was started for all (a placement read by id began 260 of them), and a bare
-- comparison with a setting was thought to hold for one row in 200, so that tables everybody reads
-- whole drove the joins. The looks stand in functions the planner does not inline, and comparisons in a CASE:
-- reading a placement costs a quarter of what it did, listing them a tenth.

CREATE FUNCTION is_shown_organisation(organisation uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS
$$
BEGIN
    RETURN CASE app_actor_kind()
        WHEN 'public' THEN
            EXISTS (SELECT FROM initiatives i WHERE i.lead_organisation_id = organisation)
            OR EXISTS (SELECT FROM initiative_partners p WHERE p.organisation_id = organisation)
        WHEN 'link' THEN EXISTS (
            SELECT FROM agreements a
            WHERE a.id = app_linked('agreement') AND organisation IN (a.school_id, a.practice_id))
        ELSE false END;
END
$$;
COMMENT ON FUNCTION is_shown_organisation(uuid) IS
    'Whether a caller without an account sees an organisation: in the catalogue, or on the agreement of a link.';

ALTER POLICY organisations_select ON organisations
    USING (
        CASE (SELECT app_actor_kind())
            WHEN 'client' THEN true
            WHEN 'job' THEN (SELECT app_job()) IN ('sign-in', 'manage-clients')
            ELSE is_shown_organisation(id) END);

CREATE FUNCTION is_shown_region(region uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS
$$
BEGIN
    RETURN CASE app_actor_kind()
        WHEN 'public' THEN EXISTS (SELECT FROM initiatives i WHERE i.region_id = region)
        WHEN 'link' THEN EXISTS (
            SELECT FROM agreements a WHERE a.id = app_linked('agreement') AND a.region_id = region)
        ELSE false END;
END
$$;
COMMENT ON FUNCTION is_shown_region(uuid) IS
    'Whether a caller without an account sees a region: in the catalogue, or on the agreement of a link.';

ALTER POLICY regions_select ON regions
    USING (
        CASE (SELECT app_actor_kind())
            WHEN 'client' THEN true
            WHEN 'job' THEN (SELECT app_job()) IN ('sign-in', 'manage-clients')
            ELSE is_shown_region(id) END);

CREATE FUNCTION has_own_student_on(offer uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS
$$
BEGIN
    RETURN EXISTS (
        SELECT FROM placements p WHERE p.offer_id = offer AND p.school_id = app_organisation());
END
$$;
COMMENT ON FUNCTION has_own_student_on(uuid) IS
    'Whether a student of the calling school was placed on the offer.';

ALTER POLICY placement_offers_select ON placement_offers
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            WHEN 'school' THEN region_id = ANY ((SELECT current_regions())::uuid[])
                AND status = 'published'
                AND (cardinality(reserved_school_ids) = 0
                    OR (SELECT app_organisation()) = ANY (reserved_school_ids))
                OR has_own_student_on(id)
            ELSE (SELECT app_job()) = 'sweep-expired' AND pg_trigger_depth() > 0 END);

ALTER POLICY expectation_profiles_select ON expectation_profiles
    USING (CASE (SELECT app_actor_kind()) WHEN 'client' THEN true ELSE false END);
ALTER POLICY hour_norms_select ON hour_norms
    USING (CASE (SELECT app_actor_kind()) WHEN 'client' THEN true ELSE false END);
ALTER POLICY organisation_sites_select ON organisation_sites
    USING (CASE (SELECT app_actor_kind()) WHEN 'client' THEN true ELSE false END);
ALTER POLICY programmes_select ON programmes
    USING (CASE (SELECT app_actor_kind()) WHEN 'client' THEN true ELSE false END);
ALTER POLICY readiness_rules_select ON readiness_rules
    USING (CASE (SELECT app_actor_kind()) WHEN 'client' THEN true ELSE false END);
ALTER POLICY recognitions_select ON recognitions
    USING (CASE (SELECT app_actor_kind()) WHEN 'client' THEN true ELSE false END);
ALTER POLICY workforce_needs_select ON workforce_needs
    USING (CASE (SELECT app_actor_kind()) WHEN 'client' THEN true ELSE false END);
