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
                WHERE p.mentor_id = mentor_certificates.mentor_id AND p.school_id = (SELECT app_organisation()))
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
                WHERE p.mentor_id = mentor_identities.mentor_id AND p.school_id = (SELECT app_organisation()))
            ELSE false END);

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
                WHERE p.mentor_id = mentors.id AND p.school_id = (SELECT app_organisation()))
            ELSE false END);

DROP TRIGGER take_mentor_from_offers ON mentors;
DROP FUNCTION take_mentor_from_offers();

DROP INDEX placement_offers_mentor_id_idx;
ALTER TABLE placement_offers
    DROP CONSTRAINT placement_offers_mentor_id_fk,
    DROP COLUMN mentor_id;
