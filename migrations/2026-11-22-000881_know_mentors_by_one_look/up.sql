-- Mentors, their names and their certificates are seen by the same callers. What that takes of a bureau
-- and of a school stands in one function each, whose plan is kept.

CREATE FUNCTION ever_hosted_in_own_region(practice uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS
$$
BEGIN
    RETURN EXISTS (
        SELECT FROM memberships m
        WHERE m.organisation_id = practice
            AND m.region_id = ANY ((SELECT app_regions())::uuid[])
            AND m.host_kind IS NOT NULL
            AND m.superseded_at IS NULL);
END
$$;
COMMENT ON FUNCTION ever_hosted_in_own_region(uuid) IS
    'Whether the practice is or was a host in a region of the calling bureau.';

CREATE FUNCTION guides_own_student(mentor uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS
$$
BEGIN
    RETURN EXISTS (
        SELECT FROM placements p
        WHERE p.mentor_id = mentor
            AND p.school_id = (SELECT app_organisation())
            AND p.status NOT IN ('proposed', 'declined', 'cancelled'));
END
$$;
COMMENT ON FUNCTION guides_own_student(uuid) IS
    'Whether a student of the calling school has or had a seat with the mentor.';

ALTER POLICY mentors_select ON mentors
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN ever_hosted_in_own_region(practice_id)
            WHEN 'school' THEN guides_own_student(id)
            ELSE false END);

ALTER POLICY mentor_identities_select ON mentor_identities
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN ever_hosted_in_own_region(practice_id)
            WHEN 'school' THEN guides_own_student(mentor_id)
            ELSE false END);

ALTER POLICY mentor_certificates_select ON mentor_certificates
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN ever_hosted_in_own_region(practice_id)
            WHEN 'school' THEN guides_own_student(mentor_id)
            ELSE false END);
