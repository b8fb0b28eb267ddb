-- The one fixed contact person at the bureau may also be there for a student. Such an assignment carries the
-- student's school as its organisation, which sees it as it sees its own; no host does.

ALTER TABLE contact_assignments
    ADD COLUMN student_id uuid,
    ADD CONSTRAINT contact_assignments_student_id_organisation_id_fk
        FOREIGN KEY (student_id, organisation_id) REFERENCES students (id, school_id),
    DROP CONSTRAINT contact_assignments_region_id_organisation_id_excl,
    ADD CONSTRAINT contact_assignments_region_id_organisation_id_excl EXCLUDE USING gist (
        (region_id::text || organisation_id::text) WITH =, daterange(effective_from, effective_to) WITH &&)
        WHERE (superseded_at IS NULL AND student_id IS NULL),
    ADD CONSTRAINT contact_assignments_region_id_student_id_excl EXCLUDE USING gist (
        (region_id::text || student_id::text) WITH =, daterange(effective_from, effective_to) WITH &&)
        WHERE (superseded_at IS NULL AND student_id IS NOT NULL);

CREATE INDEX contact_assignments_student_id_idx ON contact_assignments (student_id, id)
    WHERE superseded_at IS NULL AND student_id IS NOT NULL;

-- In a function, because a policy cannot look into its own table.
CREATE FUNCTION is_recorded_contact(assignment uuid, student uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS
$$
BEGIN
    RETURN EXISTS (
        SELECT FROM contact_assignments c WHERE c.id = assignment AND c.student_id = student);
END
$$;
COMMENT ON FUNCTION is_recorded_contact(uuid, uuid) IS
    'Whether the assignment was recorded for the student before, where the caller sees it.';

-- A foreign key would also accept a student that the bureau cannot see. What was recorded is corrected and
-- ended after that too.
ALTER POLICY contact_assignments_insert ON contact_assignments
    WITH CHECK (
        (SELECT app_role()) = 'region'
        AND region_id = ANY ((SELECT app_regions())::uuid[])
        AND (student_id IS NULL OR is_student_of_own_region(student_id) OR is_recorded_contact(id, student_id)));

COMMENT ON TABLE contact_assignments IS 'Fixed contact persons (vaste contactpersonen) at the bureau for practices, schools and students.';
COMMENT ON COLUMN contact_assignments.organisation_id IS 'Practice or school that the person is there for; of a student, the school.';
COMMENT ON COLUMN contact_assignments.student_id IS 'Student that the person is there for; null when it is the organisation itself.';
