-- What schools ask of a region: a seat for a student. The open ones are the waiting list.

CREATE TABLE placement_requests (
    id uuid CONSTRAINT placement_requests_pkey PRIMARY KEY,
    school_id uuid NOT NULL,
    student_id uuid NOT NULL,
    region_id uuid NOT NULL CONSTRAINT placement_requests_region_id_fk REFERENCES regions (id),
    programme_id uuid NOT NULL,
    qualification_id uuid NOT NULL
        CONSTRAINT placement_requests_qualification_id_fk REFERENCES qualifications (id),
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    status text NOT NULL DEFAULT 'open'
        CONSTRAINT placement_requests_status_check CHECK (status IN ('open', 'placed', 'withdrawn', 'lapsed')),
    priority text
        CONSTRAINT placement_requests_priority_check
            CHECK (priority IN ('placement-ended', 'final-year', 'study-delay', 'not-placed-before', 'agreed')),
    since timestamptz NOT NULL DEFAULT now(),
    since_reason text
        CONSTRAINT placement_requests_since_reason_check CHECK (char_length(since_reason) BETWEEN 1 AND 500),
    version integer NOT NULL DEFAULT 1 CONSTRAINT placement_requests_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    updated_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT placement_requests_id_school_id_region_id_key UNIQUE (id, school_id, region_id),
    CONSTRAINT placement_requests_student_id_fk
        FOREIGN KEY (student_id, school_id) REFERENCES students (id, school_id),
    CONSTRAINT placement_requests_programme_id_fk
        FOREIGN KEY (programme_id, school_id) REFERENCES programmes (id, school_id),
    CONSTRAINT placement_requests_ends_on_check CHECK (ends_on >= starts_on),
    CONSTRAINT placement_requests_since_check CHECK (
        since <= created_at AND (since = created_at) = (since_reason IS NULL)),
    CONSTRAINT placement_requests_student_id_excl EXCLUDE USING gist (
        (student_id::text) WITH =, daterange(starts_on, ends_on, '[]') WITH &&)
        WHERE (status = 'open')
);

CREATE INDEX placement_requests_school_id_idx ON placement_requests (school_id, id);
CREATE INDEX placement_requests_region_id_idx ON placement_requests (region_id, id);
CREATE INDEX placement_requests_student_id_idx ON placement_requests (student_id, region_id) WHERE status = 'open';
CREATE INDEX placement_requests_waiting_idx
    ON placement_requests (region_id, qualification_id, (priority IS NULL), since, id) WHERE status = 'open';
CREATE INDEX placement_requests_school_id_updated_tx_idx ON placement_requests (school_id, updated_tx, id);
CREATE INDEX placement_requests_region_id_updated_tx_idx ON placement_requests (region_id, updated_tx, id);

-- A policy sees rows, not columns: what a school asks and where the bureau puts it are kept apart here.
CREATE FUNCTION guard_placement_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.created_at := now();
        NEW.since := NEW.created_at;
        NEW.since_reason := NULL;
        NEW.priority := NULL;
        NEW.status := 'open';
    ELSIF (SELECT public.app_role()) = 'school'
        AND (NEW.priority, NEW.since, NEW.since_reason) IS DISTINCT FROM (OLD.priority, OLD.since, OLD.since_reason)
        OR (SELECT public.app_role()) = 'region'
        AND (NEW.starts_on, NEW.ends_on) IS DISTINCT FROM (OLD.starts_on, OLD.ends_on) THEN
        RAISE EXCEPTION 'a school asks, the bureau ranks'
            USING ERRCODE = 'insufficient_privilege', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_placement_request() IS 'Lets a new request wait from its entry, and keeps what the school asks apart from the place that the bureau gives it.';

CREATE TRIGGER guard_placement_request BEFORE INSERT OR UPDATE ON placement_requests
    FOR EACH ROW EXECUTE FUNCTION guard_placement_request();
CREATE TRIGGER stamp_feed BEFORE INSERT OR UPDATE ON placement_requests
    FOR EACH ROW EXECUTE FUNCTION stamp_feed();

GRANT SELECT, INSERT, UPDATE (starts_on, ends_on, status, priority, since, since_reason, version)
    ON placement_requests TO stagepunt_app;

SELECT enforce_row_security('placement_requests');

CREATE POLICY placement_requests_select ON placement_requests FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END);

-- An ended membership stops new requests, not the ones there are.
CREATE POLICY placement_requests_insert ON placement_requests FOR INSERT TO stagepunt_app
    WITH CHECK (
        (SELECT app_role()) = 'school'
        AND school_id = (SELECT app_organisation())
        AND EXISTS (
            SELECT FROM memberships m
            WHERE m.organisation_id = school_id
                AND m.region_id = placement_requests.region_id
                AND m.superseded_at IS NULL
                AND m.effective_from <= (SELECT app_today())
                AND (m.effective_to IS NULL OR m.effective_to > (SELECT app_today()))));

CREATE POLICY placement_requests_update ON placement_requests FOR UPDATE TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END);

COMMENT ON TABLE placement_requests IS 'Requests of schools for a seat for a student (stageaanvragen).';
COMMENT ON COLUMN placement_requests.school_id IS 'School that asks.';
COMMENT ON COLUMN placement_requests.student_id IS 'Student that the seat is for.';
COMMENT ON COLUMN placement_requests.region_id IS 'Region that is asked.';
COMMENT ON COLUMN placement_requests.programme_id IS 'Programme that the student followed when it was asked.';
COMMENT ON COLUMN placement_requests.qualification_id IS 'Qualification of that programme, whose waiting list the request is on.';
COMMENT ON COLUMN placement_requests.starts_on IS 'First day of the period asked for.';
COMMENT ON COLUMN placement_requests.ends_on IS 'Last day of the period asked for.';
COMMENT ON COLUMN placement_requests.status IS 'Open, placed, withdrawn or lapsed.';
COMMENT ON COLUMN placement_requests.priority IS 'Why it goes before others, granted by the bureau; null without priority.';
COMMENT ON COLUMN placement_requests.since IS 'Moment since which it waits: that of its entry, or earlier if the bureau says so.';
COMMENT ON COLUMN placement_requests.since_reason IS 'Why the bureau put it earlier.';
SELECT describe_shared_columns('placement_requests');

SELECT create_transitions_table('placement_requests', 'placement_request',
    reader => 'true',
    writer => $$
        CASE (SELECT app_role())
            WHEN 'school' THEN parent.school_id = (SELECT app_organisation())
            WHEN 'region' THEN parent.region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END$$);

CREATE FUNCTION writes_placement_request(school_id uuid, region_id uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(
        app_role() = 'region' AND region_id = ANY (app_regions())
        OR app_role() = 'school' AND school_id = app_organisation(), false);
COMMENT ON FUNCTION writes_placement_request(uuid, uuid) IS 'Whether the caller is the school or the bureau of a placement request.';
