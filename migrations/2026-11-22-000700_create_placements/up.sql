-- A student in a seat: from the proposal to what came of it. School, host and bureau see it; nobody
-- else does, and the student is an id here.

CREATE TABLE placements (
    id uuid CONSTRAINT placements_pkey PRIMARY KEY,
    region_id uuid NOT NULL CONSTRAINT placements_region_id_fk REFERENCES regions (id),
    school_id uuid NOT NULL,
    practice_id uuid NOT NULL,
    student_id uuid NOT NULL,
    offer_id uuid NOT NULL,
    request_id uuid,
    programme_id uuid NOT NULL,
    qualification_id uuid NOT NULL CONSTRAINT placements_qualification_id_fk REFERENCES qualifications (id),
    learning_path text NOT NULL CONSTRAINT placements_learning_path_check CHECK (
        learning_path IN ('bol', 'bbl', 'third-path', 'full-time', 'part-time', 'dual')),
    mentor_id uuid,
    school_supervisor text
        CONSTRAINT placements_school_supervisor_check CHECK (char_length(school_supervisor) BETWEEN 1 AND 200),
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    hours_per_week smallint
        CONSTRAINT placements_hours_per_week_check CHECK (hours_per_week BETWEEN 1 AND 48),
    total_hours integer CONSTRAINT placements_total_hours_check CHECK (total_hours BETWEEN 1 AND 5000),
    employer_kind text
        CONSTRAINT placements_employer_kind_check CHECK (employer_kind IN ('host', 'bureau', 'pool')),
    employer_id uuid CONSTRAINT placements_employer_id_fk REFERENCES organisations (id),
    employed_from date,
    employed_until date,
    initiative_id uuid,
    status text NOT NULL DEFAULT 'proposed'
        CONSTRAINT placements_status_check CHECK (status IN ('proposed', 'reserved', 'introduced', 'confirmed',
            'declined', 'agreement-pending', 'ready', 'active', 'interrupted', 'completed', 'ended-early',
            'cancelled')),
    expires_on date,
    ended_on date,
    end_reason text CONSTRAINT placements_end_reason_check CHECK (char_length(end_reason) BETWEEN 1 AND 64),
    version integer NOT NULL DEFAULT 1 CONSTRAINT placements_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    updated_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT placements_id_region_id_school_id_practice_id_key UNIQUE (id, region_id, school_id, practice_id),
    CONSTRAINT placements_student_id_fk
        FOREIGN KEY (student_id, school_id) REFERENCES students (id, school_id),
    CONSTRAINT placements_programme_id_fk
        FOREIGN KEY (programme_id, school_id) REFERENCES programmes (id, school_id),
    CONSTRAINT placements_offer_id_practice_id_fk
        FOREIGN KEY (offer_id, practice_id) REFERENCES placement_offers (id, practice_id),
    CONSTRAINT placements_offer_id_region_id_fk
        FOREIGN KEY (offer_id, region_id) REFERENCES placement_offers (id, region_id),
    CONSTRAINT placements_request_id_fk FOREIGN KEY (request_id, school_id, region_id)
        REFERENCES placement_requests (id, school_id, region_id),
    CONSTRAINT placements_initiative_id_fk FOREIGN KEY (initiative_id, region_id)
        REFERENCES initiatives (id, region_id),
    CONSTRAINT placements_ends_on_check CHECK (ends_on >= starts_on),
    CONSTRAINT placements_employed_until_check CHECK (employed_until >= employed_from),
    CONSTRAINT placements_employer_check CHECK (
        num_nonnulls(employer_kind, employer_id, employed_from) IN (0, 3)
        AND (employed_until IS NULL OR employed_from IS NOT NULL)),
    -- Who is in a seat, or was, is in no other on the same days.
    CONSTRAINT placements_student_id_excl EXCLUDE USING gist (
        (student_id::text) WITH =, daterange(starts_on, coalesce(ended_on, ends_on), '[]') WITH &&)
        WHERE (status IN ('reserved', 'introduced', 'confirmed', 'agreement-pending', 'ready', 'active',
            'interrupted', 'completed', 'ended-early'))
);

CREATE INDEX placements_school_id_idx ON placements (school_id, id);
CREATE INDEX placements_practice_id_idx ON placements (practice_id, id);
CREATE INDEX placements_region_id_idx ON placements (region_id, id);
CREATE INDEX placements_student_id_idx ON placements (student_id, region_id);
CREATE INDEX placements_offer_id_idx ON placements (offer_id, id);
CREATE INDEX placements_request_id_idx ON placements (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX placements_initiative_id_idx ON placements (initiative_id, id) WHERE initiative_id IS NOT NULL;
CREATE INDEX placements_expires_on_idx ON placements (expires_on, id) WHERE expires_on IS NOT NULL;
CREATE INDEX placements_school_id_updated_tx_idx ON placements (school_id, updated_tx, id, updated_at);
CREATE INDEX placements_practice_id_updated_tx_idx ON placements (practice_id, updated_tx, id, updated_at);
CREATE INDEX placements_region_id_updated_tx_idx ON placements (region_id, updated_tx, id, updated_at);

GRANT SELECT, INSERT, UPDATE (mentor_id, school_supervisor, starts_on, ends_on, hours_per_week, total_hours,
    employer_kind, employer_id, employed_from, employed_until, initiative_id, status, expires_on, version)
    ON placements TO stagepunt_app;

SELECT enforce_row_security('placements');

CREATE POLICY placements_select ON placements FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END);

-- A bureau places whom a school asked it to place.
CREATE POLICY placements_insert ON placements FOR INSERT TO stagepunt_app
    WITH CHECK (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[]) AND request_id IS NOT NULL
            ELSE false END);

CREATE POLICY placements_update ON placements FOR UPDATE TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END);

-- For the list of allowed transitions in an answer.
CREATE FUNCTION speaks_for_host(practice_id uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(
        practice_id = app_organisation() OR app_role() = 'region' AND practice_id = ANY (app_mandated('placements')),
        false);
COMMENT ON FUNCTION speaks_for_host(uuid) IS 'Whether the caller is the host of a placement, or a bureau under its mandate.';

COMMENT ON TABLE placements IS 'Students in seats (plaatsingen, stages).';
COMMENT ON COLUMN placements.region_id IS 'Region of the offer, for ever.';
COMMENT ON COLUMN placements.school_id IS 'School of the student.';
COMMENT ON COLUMN placements.practice_id IS 'Host of the offer.';
COMMENT ON COLUMN placements.student_id IS 'Student that is placed.';
COMMENT ON COLUMN placements.offer_id IS 'Offer whose seat it is.';
COMMENT ON COLUMN placements.request_id IS 'Request that it answers; null where the school proposed without one.';
COMMENT ON COLUMN placements.programme_id IS 'Programme that the student followed when it was proposed.';
COMMENT ON COLUMN placements.qualification_id IS 'Qualification of that programme.';
COMMENT ON COLUMN placements.learning_path IS 'Learning path (leerweg) of the student in this placement.';
COMMENT ON COLUMN placements.mentor_id IS 'Who guides the intern at the host.';
COMMENT ON COLUMN placements.school_supervisor IS 'Who guides the intern for the school, as it names that person.';
COMMENT ON COLUMN placements.starts_on IS 'First day of the placement.';
COMMENT ON COLUMN placements.ends_on IS 'Last day as planned.';
COMMENT ON COLUMN placements.hours_per_week IS 'Hours that the intern works in a week.';
COMMENT ON COLUMN placements.total_hours IS 'Hours of the whole placement, as on the agreement.';
COMMENT ON COLUMN placements.employer_kind IS 'Who employs a student in the work-based path: host, bureau or pool.';
COMMENT ON COLUMN placements.employer_id IS 'Organisation that employs the student.';
COMMENT ON COLUMN placements.employed_from IS 'First day of the employment.';
COMMENT ON COLUMN placements.employed_until IS 'Last day of the employment; null while open.';
COMMENT ON COLUMN placements.initiative_id IS 'Initiative that it counts for; null for that of the offer.';
COMMENT ON COLUMN placements.status IS 'State of the lifecycle.';
COMMENT ON COLUMN placements.expires_on IS 'Last day on which the seat is kept without being confirmed.';
COMMENT ON COLUMN placements.ended_on IS 'Day on which it ended, whichever way.';
COMMENT ON COLUMN placements.end_reason IS 'Coded reason with which it ended.';
SELECT describe_shared_columns('placements');

SELECT create_transitions_table('placements', 'placement',
    reader => 'true',
    writer => $$
        CASE (SELECT app_role())
            WHEN 'practice' THEN parent.practice_id = (SELECT app_organisation())
            WHEN 'school' THEN parent.school_id = (SELECT app_organisation())
            WHEN 'region' THEN parent.region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END$$);

-- No side undoes what another did.
ALTER POLICY placement_transitions_update ON placement_transitions
    USING ((SELECT app_organisation()) IN (organisation_id, on_behalf_of) AND EXISTS (
        SELECT FROM placements parent WHERE parent.id = placement_transitions.resource_id));

-- A policy sees rows, not columns: what each side may change is kept apart here, and what follows
-- from a step is set here.
CREATE FUNCTION guard_placement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    role text := public.app_role();
    step record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.status := 'proposed';
        NEW.expires_on := NULL;
        NEW.ended_on := NULL;
        NEW.end_reason := NULL;
        RETURN NEW;
    END IF;
    IF role = 'school' AND (NEW.mentor_id, NEW.initiative_id) IS DISTINCT FROM (OLD.mentor_id, OLD.initiative_id)
        OR role IN ('school', 'practice') AND NEW.status = OLD.status AND NEW.expires_on IS DISTINCT FROM OLD.expires_on
        OR role = 'practice'
        AND (NEW.school_supervisor, NEW.starts_on, NEW.ends_on, NEW.hours_per_week, NEW.total_hours, NEW.employer_kind,
            NEW.employer_id, NEW.employed_from, NEW.employed_until, NEW.initiative_id)
        IS DISTINCT FROM (OLD.school_supervisor, OLD.starts_on, OLD.ends_on, OLD.hours_per_week, OLD.total_hours,
            OLD.employer_kind, OLD.employer_id, OLD.employed_from, OLD.employed_until, OLD.initiative_id) THEN
        RAISE EXCEPTION 'this is for another side to change'
            USING ERRCODE = 'insufficient_privilege', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.status IN ('reserved', 'introduced') THEN
        NEW.expires_on := coalesce(NEW.expires_on, public.app_today() + 14);
    ELSE
        NEW.expires_on := NULL;
    END IF;
    IF NEW.status IN ('declined', 'completed', 'ended-early', 'cancelled') THEN
        SELECT t.effective_on, t.reason_code INTO step
        FROM public.placement_transitions t
        WHERE t.resource_id = NEW.id AND t.superseded_at IS NULL
        ORDER BY t.recorded_at DESC, t.id DESC
        LIMIT 1;
        NEW.ended_on := step.effective_on;
        NEW.end_reason := step.reason_code;
    ELSE
        NEW.ended_on := NULL;
        NEW.end_reason := NULL;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_placement() IS 'Lets a placement begin as proposed, keeps what school, host and bureau may change apart, and sets what follows from its last step: how long the seat is kept, when and why it ended.';

CREATE TRIGGER guard_placement BEFORE INSERT OR UPDATE ON placements
    FOR EACH ROW EXECUTE FUNCTION guard_placement();
CREATE TRIGGER stamp_feed BEFORE INSERT OR UPDATE ON placements
    FOR EACH ROW EXECUTE FUNCTION stamp_feed();
