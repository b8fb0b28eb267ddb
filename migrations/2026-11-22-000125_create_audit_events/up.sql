-- Who did what: one row for every write, in the transaction of the write.

CREATE TABLE audit_events (
    id uuid CONSTRAINT audit_events_pkey PRIMARY KEY,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_kind text NOT NULL
        CONSTRAINT audit_events_actor_kind_check CHECK (actor_kind IN ('client', 'public', 'link', 'job')),
    client_id uuid,
    organisation_id uuid,
    role text CONSTRAINT audit_events_role_check CHECK (char_length(role) BETWEEN 1 AND 64),
    job text CONSTRAINT audit_events_job_check CHECK (char_length(job) BETWEEN 1 AND 64),
    person_ref text CONSTRAINT audit_events_person_ref_check CHECK (char_length(person_ref) BETWEEN 1 AND 200),
    on_behalf_of uuid,
    mandate_id uuid,
    action text NOT NULL CONSTRAINT audit_events_action_check CHECK (char_length(action) BETWEEN 1 AND 64),
    resource_type text NOT NULL
        CONSTRAINT audit_events_resource_type_check CHECK (char_length(resource_type) BETWEEN 1 AND 64),
    resource_id uuid,
    request_id text CONSTRAINT audit_events_request_id_check CHECK (char_length(request_id) BETWEEN 1 AND 200),
    detail jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT audit_events_detail_check CHECK (jsonb_typeof(detail) = 'object'),
    CONSTRAINT audit_events_on_behalf_of_check CHECK ((mandate_id IS NULL) = (on_behalf_of IS NULL))
);

CREATE INDEX audit_events_organisation_id_idx ON audit_events (organisation_id, id);
CREATE INDEX audit_events_on_behalf_of_idx ON audit_events (on_behalf_of, id) WHERE on_behalf_of IS NOT NULL;
CREATE INDEX audit_events_resource_id_idx ON audit_events (resource_id, id);

GRANT SELECT, INSERT ON audit_events TO stagepunt_app;

SELECT enforce_row_security('audit_events');

CREATE POLICY audit_events_select ON audit_events FOR SELECT TO stagepunt_app
    USING (
        organisation_id = (SELECT app_organisation())
        OR on_behalf_of = (SELECT app_organisation()));

-- Everybody writes as itself: a link in the name of the organisation that had it made; only a job,
-- which acts for others, names whom it served.
CREATE POLICY audit_events_insert ON audit_events FOR INSERT TO stagepunt_app
    WITH CHECK (
        actor_kind = (SELECT app_actor_kind())
        AND job IS NOT DISTINCT FROM (SELECT app_job())
        AND CASE actor_kind
            WHEN 'job' THEN true
            WHEN 'link' THEN num_nonnulls(client_id, role, on_behalf_of) = 0 AND EXISTS (
                SELECT FROM links l
                WHERE l.id = (SELECT app_link()) AND l.organisation_id = audit_events.organisation_id)
            ELSE client_id IS NOT DISTINCT FROM (SELECT app_client())
                AND organisation_id IS NOT DISTINCT FROM (SELECT app_organisation())
                AND role IS NOT DISTINCT FROM (SELECT app_role())
                AND (mandate_id IS NULL OR EXISTS (
                    SELECT FROM mandates m
                    WHERE m.id = mandate_id AND m.practice_id = on_behalf_of
                        AND m.bureau_organisation_id = (SELECT app_organisation()))) END);

COMMENT ON TABLE audit_events IS 'Audit trail: who did what, on whose behalf, when; names nobody, only ids and codes.';
COMMENT ON COLUMN audit_events.actor_kind IS 'Kind of caller: client, public, link or job.';
COMMENT ON COLUMN audit_events.client_id IS 'Client that acted, or that a job served.';
COMMENT ON COLUMN audit_events.organisation_id IS 'Organisation of that client, or the one that had the link made.';
COMMENT ON COLUMN audit_events.role IS 'Role of that client.';
COMMENT ON COLUMN audit_events.job IS 'Job that acted.';
COMMENT ON COLUMN audit_events.person_ref IS 'Reference to the person behind the client, as its organisation set it.';
COMMENT ON COLUMN audit_events.on_behalf_of IS 'Practice in whose name was acted.';
COMMENT ON COLUMN audit_events.mandate_id IS 'Mandate that allowed it.';
COMMENT ON COLUMN audit_events.action IS 'What was done, as a code such as initiatives.update.';
COMMENT ON COLUMN audit_events.resource_type IS 'Collection of the resource.';
COMMENT ON COLUMN audit_events.resource_id IS 'Resource that was changed.';
COMMENT ON COLUMN audit_events.request_id IS 'Id of the request, as in X-Request-Id and the log.';
COMMENT ON COLUMN audit_events.detail IS 'Ids, codes and counts that explain the change; never a name or a text.';
SELECT describe_shared_columns('audit_events');
