-- Something is the matter with a placement or with a request: raised by a side, or by a roster that
-- no longer has the student; followed until it is settled.

CREATE TABLE signals (
    id uuid CONSTRAINT signals_pkey PRIMARY KEY,
    placement_id uuid,
    request_id uuid,
    region_id uuid NOT NULL,
    school_id uuid NOT NULL,
    practice_id uuid,
    kind text NOT NULL CONSTRAINT signals_kind_check CHECK (kind IN ('attendance', 'wellbeing-at-work', 'conflict',
        'host-capacity', 'student-left-roster', 'paperwork', 'other')),
    description text CONSTRAINT signals_description_check CHECK (char_length(description) BETWEEN 1 AND 2000),
    raised_on date NOT NULL,
    raised_by uuid NOT NULL DEFAULT app_organisation()
        CONSTRAINT signals_raised_by_fk REFERENCES organisations (id),
    shown_to_practice boolean NOT NULL,
    status text NOT NULL DEFAULT 'raised' CONSTRAINT signals_status_check CHECK (
        status IN ('raised', 'acknowledged', 'in-action', 'resolved', 'escalated', 'dropout')),
    version integer NOT NULL DEFAULT 1 CONSTRAINT signals_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT signals_placement_id_fk FOREIGN KEY (placement_id, region_id, school_id, practice_id)
        REFERENCES placements (id, region_id, school_id, practice_id),
    CONSTRAINT signals_request_id_fk FOREIGN KEY (request_id, school_id, region_id)
        REFERENCES placement_requests (id, school_id, region_id),
    CONSTRAINT signals_subject_check CHECK (
        num_nonnulls(placement_id, request_id) = 1 AND (placement_id IS NULL) = (practice_id IS NULL)),
    CONSTRAINT signals_shown_to_practice_check CHECK (practice_id IS NOT NULL OR NOT shown_to_practice)
);

-- A roster that says the same every night says it once.
CREATE UNIQUE INDEX signals_placement_id_left_key ON signals (placement_id)
    WHERE kind = 'student-left-roster' AND status NOT IN ('resolved', 'dropout');
CREATE UNIQUE INDEX signals_request_id_left_key ON signals (request_id)
    WHERE kind = 'student-left-roster' AND status NOT IN ('resolved', 'dropout');
CREATE INDEX signals_placement_id_idx ON signals (placement_id, id) WHERE placement_id IS NOT NULL;
CREATE INDEX signals_request_id_idx ON signals (request_id, id) WHERE request_id IS NOT NULL;
CREATE INDEX signals_region_id_idx ON signals (region_id, id);
CREATE INDEX signals_region_id_unsettled_idx ON signals (region_id, id) WHERE status NOT IN ('resolved', 'dropout');
CREATE INDEX signals_school_id_idx ON signals (school_id, id);
CREATE INDEX signals_practice_id_idx ON signals (practice_id, id) WHERE shown_to_practice;

CREATE TRIGGER stamp_update BEFORE UPDATE ON signals FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, UPDATE (status, version) ON signals TO stagepunt_app;

SELECT enforce_row_security('signals');

CREATE POLICY signals_select ON signals FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation()) AND shown_to_practice
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END);

-- That a student left is said by the roster only, through a trigger.
CREATE POLICY signals_insert ON signals FOR INSERT TO stagepunt_app
    WITH CHECK (
        raised_by = (SELECT app_organisation())
        AND (kind = 'student-left-roster') = (pg_trigger_depth() > 0)
        AND CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation()) AND shown_to_practice
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END);

CREATE POLICY signals_update ON signals FOR UPDATE TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END);

COMMENT ON TABLE signals IS 'Signals about placements and requests (signalen), followed until they are settled.';
COMMENT ON COLUMN signals.placement_id IS 'Placement that it is about.';
COMMENT ON COLUMN signals.request_id IS 'Request that it is about, where there is no placement.';
COMMENT ON COLUMN signals.region_id IS 'Region of the placement or request.';
COMMENT ON COLUMN signals.school_id IS 'School of the student.';
COMMENT ON COLUMN signals.practice_id IS 'Host of the placement; null for a request.';
COMMENT ON COLUMN signals.kind IS 'What it is about.';
COMMENT ON COLUMN signals.description IS 'What is the matter, without names and without anything about health.';
COMMENT ON COLUMN signals.raised_on IS 'Day on which it was raised.';
COMMENT ON COLUMN signals.raised_by IS 'Organisation that raised it; of a student that left the roster, the school.';
COMMENT ON COLUMN signals.shown_to_practice IS 'Whether the host sees it; always so for what it raised itself.';
COMMENT ON COLUMN signals.status IS 'State of the lifecycle.';
SELECT describe_shared_columns('signals');

-- A host raises, school and bureau follow up.
SELECT create_transitions_table('signals', 'signal',
    reader => 'true',
    writer => $$
        CASE (SELECT app_role())
            WHEN 'practice' THEN parent.practice_id = (SELECT app_organisation())
                AND parent.raised_by = (SELECT app_organisation()) AND to_state = 'raised'
            WHEN 'school' THEN parent.school_id = (SELECT app_organisation())
            WHEN 'region' THEN parent.region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END$$);

-- No side undoes what another did.
ALTER POLICY signal_transitions_update ON signal_transitions
    USING (organisation_id = (SELECT app_organisation()) AND EXISTS (
        SELECT FROM signals parent
        WHERE parent.id = signal_transitions.resource_id
            AND CASE (SELECT app_role())
                WHEN 'school' THEN parent.school_id = (SELECT app_organisation())
                WHEN 'region' THEN parent.region_id = ANY ((SELECT app_regions())::uuid[])
                ELSE false END));

-- Once per statement: a roster may let thousands go at once.
CREATE FUNCTION flag_leavers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    leavers uuid[];
    flagged uuid[];
BEGIN
    IF NOT EXISTS (SELECT FROM students_after WHERE NOT active) THEN
        RETURN NULL;
    END IF;
    -- As a list, lest a plan that was made for thousands read every placement for a single one.
    leavers := ARRAY(
        SELECT a.id FROM students_after a JOIN students_before b ON b.id = a.id WHERE b.active AND NOT a.active);
    IF cardinality(leavers) = 0 THEN
        RETURN NULL;
    END IF;
    WITH raised AS (
        INSERT INTO public.signals (id, placement_id, request_id, region_id, school_id, practice_id, kind, raised_on,
            raised_by, shown_to_practice)
        SELECT gen_random_uuid(), p.id, NULL::uuid, p.region_id, p.school_id, p.practice_id, 'student-left-roster',
            public.app_today(), p.school_id, false
        FROM public.placements p
        WHERE p.student_id = ANY (leavers)
            AND p.status IN ('proposed', 'reserved', 'introduced', 'confirmed', 'agreement-pending', 'ready',
                'active', 'interrupted')
        UNION ALL
        SELECT gen_random_uuid(), NULL::uuid, r.id, r.region_id, r.school_id, NULL::uuid, 'student-left-roster',
            public.app_today(), r.school_id, false
        FROM public.placement_requests r
        WHERE r.student_id = ANY (leavers) AND r.status = 'open'
        ON CONFLICT DO NOTHING
        RETURNING id
    )
    SELECT array_agg(raised.id) INTO flagged FROM raised;
    INSERT INTO public.signal_transitions (id, resource_id, to_state, effective_on, client_id, organisation_id, role)
    SELECT gen_random_uuid(), f.id, 'raised', public.app_today(), public.app_client(), public.app_organisation(),
        public.app_role()
    FROM unnest(flagged) AS f (id);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION flag_leavers() IS 'Raises a signal for every live placement and open request of students who are no longer on the roster, unless one is being followed.';

CREATE TRIGGER flag_leavers AFTER UPDATE ON students
    REFERENCING OLD TABLE AS students_before NEW TABLE AS students_after
    FOR EACH STATEMENT EXECUTE FUNCTION flag_leavers();
