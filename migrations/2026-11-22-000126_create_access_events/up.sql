-- Who read personal data of whom: written and committed before the answer is sent.

CREATE TABLE access_events (
    id uuid CONSTRAINT access_events_pkey PRIMARY KEY,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_kind text NOT NULL
        CONSTRAINT access_events_actor_kind_check CHECK (actor_kind IN ('client', 'public', 'link', 'job')),
    client_id uuid,
    organisation_id uuid,
    role text CONSTRAINT access_events_role_check CHECK (char_length(role) BETWEEN 1 AND 64),
    job text CONSTRAINT access_events_job_check CHECK (char_length(job) BETWEEN 1 AND 64),
    person_ref text CONSTRAINT access_events_person_ref_check CHECK (char_length(person_ref) BETWEEN 1 AND 200),
    on_behalf_of uuid,
    mandate_id uuid,
    operation text NOT NULL CONSTRAINT access_events_operation_check CHECK (char_length(operation) BETWEEN 1 AND 64),
    subject_ids uuid[] NOT NULL
        CONSTRAINT access_events_subject_ids_check CHECK (array_position(subject_ids, NULL) IS NULL),
    request_id text CONSTRAINT access_events_request_id_check CHECK (char_length(request_id) BETWEEN 1 AND 200),
    CONSTRAINT access_events_on_behalf_of_check CHECK ((mandate_id IS NULL) = (on_behalf_of IS NULL))
);

CREATE INDEX access_events_organisation_id_idx ON access_events (organisation_id, id);
CREATE INDEX access_events_on_behalf_of_idx ON access_events (on_behalf_of, id) WHERE on_behalf_of IS NOT NULL;

GRANT SELECT, INSERT ON access_events TO stagepunt_app;

SELECT enforce_row_security('access_events');

CREATE POLICY access_events_select ON access_events FOR SELECT TO stagepunt_app
    USING (
        organisation_id = (SELECT app_organisation())
        OR on_behalf_of = (SELECT app_organisation()));

CREATE POLICY access_events_insert ON access_events FOR INSERT TO stagepunt_app
    WITH CHECK (
        actor_kind = (SELECT app_actor_kind())
        AND job IS NOT DISTINCT FROM (SELECT app_job())
        AND CASE actor_kind
            WHEN 'job' THEN true
            WHEN 'link' THEN num_nonnulls(client_id, role, on_behalf_of) = 0 AND EXISTS (
                SELECT FROM links l
                WHERE l.id = (SELECT app_link()) AND l.organisation_id = access_events.organisation_id)
            ELSE client_id IS NOT DISTINCT FROM (SELECT app_client())
                AND organisation_id IS NOT DISTINCT FROM (SELECT app_organisation())
                AND role IS NOT DISTINCT FROM (SELECT app_role())
                AND (mandate_id IS NULL OR EXISTS (
                    SELECT FROM mandates m
                    WHERE m.id = mandate_id AND m.practice_id = on_behalf_of
                        AND m.bureau_organisation_id = (SELECT app_organisation()))) END);

COMMENT ON TABLE access_events IS 'Reads of personal data: who read, of whom, when; one row for every request.';
COMMENT ON COLUMN access_events.actor_kind IS 'Kind of caller: client, public, link or job.';
COMMENT ON COLUMN access_events.client_id IS 'Client that read, or that a job served.';
COMMENT ON COLUMN access_events.organisation_id IS 'Organisation of that client, or the one that had the link made.';
COMMENT ON COLUMN access_events.role IS 'Role of that client.';
COMMENT ON COLUMN access_events.job IS 'Job that read.';
COMMENT ON COLUMN access_events.person_ref IS 'Reference to the person behind the client, as its organisation set it.';
COMMENT ON COLUMN access_events.on_behalf_of IS 'Practice in whose name was read.';
COMMENT ON COLUMN access_events.mandate_id IS 'Mandate that allowed it.';
COMMENT ON COLUMN access_events.operation IS 'Operation of the contract that read.';
COMMENT ON COLUMN access_events.subject_ids IS 'Persons whose data the answer shows.';
COMMENT ON COLUMN access_events.request_id IS 'Id of the request, as in X-Request-Id and the log.';
SELECT describe_shared_columns('access_events');
