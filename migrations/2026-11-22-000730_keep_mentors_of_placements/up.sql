-- A mentor guides interns of the own practice; the school of an intern sees who that is.

ALTER TABLE placements ADD CONSTRAINT placements_mentor_id_fk
    FOREIGN KEY (mentor_id, practice_id) REFERENCES mentors (id, practice_id);
CREATE INDEX placements_mentor_id_idx ON placements (mentor_id, school_id) WHERE mentor_id IS NOT NULL;

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
