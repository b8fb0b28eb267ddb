ALTER POLICY contact_assignments_insert ON contact_assignments
    WITH CHECK ((SELECT app_role()) = 'region' AND region_id = ANY ((SELECT app_regions())::uuid[]));

DROP FUNCTION is_recorded_contact(uuid, uuid);

-- Those of students have no place in the table as it was.
ALTER TABLE contact_assignments NO FORCE ROW LEVEL SECURITY;
DELETE FROM contact_assignments WHERE student_id IS NOT NULL;
ALTER TABLE contact_assignments FORCE ROW LEVEL SECURITY;

DROP INDEX contact_assignments_student_id_idx;
ALTER TABLE contact_assignments
    DROP CONSTRAINT contact_assignments_region_id_student_id_excl,
    DROP CONSTRAINT contact_assignments_region_id_organisation_id_excl,
    DROP CONSTRAINT contact_assignments_student_id_organisation_id_fk,
    DROP COLUMN student_id,
    ADD CONSTRAINT contact_assignments_region_id_organisation_id_excl EXCLUDE USING gist (
        (region_id::text || organisation_id::text) WITH =, daterange(effective_from, effective_to) WITH &&)
        WHERE (superseded_at IS NULL);

COMMENT ON TABLE contact_assignments IS 'Fixed contact persons (vaste contactpersonen) at the bureau for practices and schools.';
COMMENT ON COLUMN contact_assignments.organisation_id IS 'Practice or school that the person is there for.';
