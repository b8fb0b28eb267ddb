-- A host hears who the student is when the school introduces the student or the placement is
-- confirmed, until it comes to nothing or 30 days after its end.

CREATE TABLE disclosures (
    placement_id uuid CONSTRAINT disclosures_pkey PRIMARY KEY,
    region_id uuid NOT NULL,
    school_id uuid NOT NULL,
    practice_id uuid NOT NULL,
    student_id uuid NOT NULL,
    disclosed_on date NOT NULL,
    disclosed_until date,
    CONSTRAINT disclosures_placement_id_fk FOREIGN KEY (placement_id, region_id, school_id, practice_id)
        REFERENCES placements (id, region_id, school_id, practice_id)
);

CREATE INDEX disclosures_student_id_idx ON disclosures (student_id, practice_id);

GRANT SELECT, INSERT, UPDATE (disclosed_on, disclosed_until) ON disclosures TO stagepunt_app;

SELECT enforce_row_security('disclosures');

CREATE POLICY disclosures_select ON disclosures FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END);

-- Only the steps of a placement disclose, never a statement of its own.
CREATE POLICY disclosures_insert ON disclosures FOR INSERT TO stagepunt_app
    WITH CHECK (pg_trigger_depth() > 0);
CREATE POLICY disclosures_update ON disclosures FOR UPDATE TO stagepunt_app
    USING (pg_trigger_depth() > 0);

CREATE FUNCTION disclose_student() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IN ('introduced', 'confirmed', 'agreement-pending', 'ready', 'active', 'interrupted') THEN
        INSERT INTO public.disclosures (placement_id, region_id, school_id, practice_id, student_id, disclosed_on)
        VALUES (NEW.id, NEW.region_id, NEW.school_id, NEW.practice_id, NEW.student_id, public.app_today())
        ON CONFLICT (placement_id) DO UPDATE SET disclosed_until = NULL;
    ELSE
        UPDATE public.disclosures
        SET disclosed_until = CASE
            WHEN NEW.status IN ('completed', 'ended-early') THEN NEW.ended_on + 30
            -- From today on; the day before is the last.
            ELSE public.app_today() - 1 END
        WHERE placement_id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION disclose_student() IS 'Begins and ends what a host may know of who the student is, with the steps of the placement.';

CREATE TRIGGER disclose_student AFTER UPDATE OF status ON placements
    FOR EACH ROW EXECUTE FUNCTION disclose_student();

-- The bureau sees whom it is asked to place, and whom it placed until 30 days after the end.
ALTER POLICY students_select ON students
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN EXISTS (
                SELECT FROM placement_requests r
                WHERE r.student_id = students.id
                    AND r.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND r.status = 'open'
                    AND r.ends_on >= (SELECT app_today()))
                OR EXISTS (
                SELECT FROM placements p
                WHERE p.student_id = students.id
                    AND p.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND p.status NOT IN ('declined', 'cancelled')
                    AND (p.ended_on IS NULL OR p.ended_on + 30 >= (SELECT app_today())))
            ELSE false END);

ALTER POLICY student_identities_select ON student_identities
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN EXISTS (
                SELECT FROM placement_requests r
                WHERE r.student_id = student_identities.student_id
                    AND r.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND r.status = 'open'
                    AND r.ends_on >= (SELECT app_today()))
                OR EXISTS (
                SELECT FROM placements p
                WHERE p.student_id = student_identities.student_id
                    AND p.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND p.status NOT IN ('declined', 'cancelled')
                    AND (p.ended_on IS NULL OR p.ended_on + 30 >= (SELECT app_today())))
            WHEN 'practice' THEN EXISTS (
                SELECT FROM disclosures d
                WHERE d.student_id = student_identities.student_id
                    AND d.practice_id = (SELECT app_organisation())
                    AND (d.disclosed_until IS NULL OR d.disclosed_until >= (SELECT app_today())))
            ELSE false END);

ALTER POLICY learning_path_periods_select ON learning_path_periods
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN EXISTS (
                SELECT FROM placement_requests r
                WHERE r.student_id = learning_path_periods.student_id
                    AND r.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND r.status = 'open'
                    AND r.ends_on >= (SELECT app_today()))
                OR EXISTS (
                SELECT FROM placements p
                WHERE p.student_id = learning_path_periods.student_id
                    AND p.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND p.status NOT IN ('declined', 'cancelled')
                    AND (p.ended_on IS NULL OR p.ended_on + 30 >= (SELECT app_today())))
            ELSE false END);

COMMENT ON TABLE disclosures IS 'Which host may know who a student is (onthulling), through which placement and until when.';
COMMENT ON COLUMN disclosures.placement_id IS 'Placement through which the host knows.';
COMMENT ON COLUMN disclosures.region_id IS 'Region of the placement.';
COMMENT ON COLUMN disclosures.school_id IS 'School of the student.';
COMMENT ON COLUMN disclosures.practice_id IS 'Host that may know.';
COMMENT ON COLUMN disclosures.student_id IS 'Student whose name is disclosed.';
COMMENT ON COLUMN disclosures.disclosed_on IS 'First day.';
COMMENT ON COLUMN disclosures.disclosed_until IS 'Last day; null while it is open.';
SELECT describe_shared_columns('disclosures');
