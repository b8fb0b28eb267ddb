ALTER POLICY mentors_select ON mentors
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN EXISTS (
                SELECT FROM memberships m
                WHERE m.organisation_id = mentors.practice_id
                    AND m.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND m.host_kind IS NOT NULL
                    AND m.superseded_at IS NULL)
            WHEN 'school' THEN EXISTS (
                SELECT FROM placements p
                WHERE p.mentor_id = mentors.id AND p.school_id = (SELECT app_organisation())
                    AND p.status NOT IN ('proposed', 'declined', 'cancelled'))
            ELSE false END);

ALTER POLICY mentor_identities_select ON mentor_identities
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN EXISTS (
                SELECT FROM memberships m
                WHERE m.organisation_id = mentor_identities.practice_id
                    AND m.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND m.host_kind IS NOT NULL
                    AND m.superseded_at IS NULL)
            WHEN 'school' THEN EXISTS (
                SELECT FROM placements p
                WHERE p.mentor_id = mentor_identities.mentor_id AND p.school_id = (SELECT app_organisation())
                    AND p.status NOT IN ('proposed', 'declined', 'cancelled'))
            ELSE false END);

ALTER POLICY mentor_certificates_select ON mentor_certificates
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN EXISTS (
                SELECT FROM memberships m
                WHERE m.organisation_id = mentor_certificates.practice_id
                    AND m.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND m.host_kind IS NOT NULL
                    AND m.superseded_at IS NULL)
            WHEN 'school' THEN EXISTS (
                SELECT FROM placements p
                WHERE p.mentor_id = mentor_certificates.mentor_id AND p.school_id = (SELECT app_organisation())
                    AND p.status NOT IN ('proposed', 'declined', 'cancelled'))
            ELSE false END);

DROP FUNCTION guides_own_student(uuid);
DROP FUNCTION ever_hosted_in_own_region(uuid);
