-- Long work: any process takes it over when the lease of another runs out.

CREATE TABLE jobs (
    id uuid CONSTRAINT jobs_pkey PRIMARY KEY,
    kind text NOT NULL CONSTRAINT jobs_kind_check CHECK (char_length(kind) BETWEEN 1 AND 64),
    status text NOT NULL DEFAULT 'queued'
        CONSTRAINT jobs_status_check CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    client_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    region_id uuid CONSTRAINT jobs_region_id_fk REFERENCES regions (id),
    parameters jsonb NOT NULL DEFAULT '{}' CONSTRAINT jobs_parameters_check CHECK (jsonb_typeof(parameters) = 'object'),
    progress_done bigint NOT NULL DEFAULT 0 CONSTRAINT jobs_progress_done_check CHECK (progress_done >= 0),
    progress_total bigint CONSTRAINT jobs_progress_total_check CHECK (progress_total >= 0),
    result jsonb CONSTRAINT jobs_result_check CHECK (jsonb_typeof(result) = 'object'),
    error_code text CONSTRAINT jobs_error_code_check CHECK (char_length(error_code) BETWEEN 1 AND 64),
    attempts integer NOT NULL DEFAULT 0 CONSTRAINT jobs_attempts_check CHECK (attempts >= 0),
    lease_owner uuid,
    lease_until timestamptz,
    started_at timestamptz,
    finished_at timestamptz,
    version integer NOT NULL DEFAULT 1 CONSTRAINT jobs_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT jobs_client_id_fk FOREIGN KEY (client_id, organisation_id) REFERENCES clients (id, organisation_id),
    CONSTRAINT jobs_lease_until_check CHECK ((lease_owner IS NULL) = (lease_until IS NULL)),
    CONSTRAINT jobs_finished_at_check CHECK ((finished_at IS NOT NULL) = (status IN ('done', 'failed', 'cancelled')))
);

CREATE INDEX jobs_organisation_id_idx ON jobs (organisation_id, id);
CREATE INDEX jobs_status_idx ON jobs (created_at, id) INCLUDE (kind, lease_until)
    WHERE status IN ('queued', 'running');

CREATE TRIGGER stamp_update BEFORE UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, UPDATE (status, progress_done, progress_total, result, error_code, attempts, lease_owner,
    lease_until, started_at, finished_at, version) ON jobs TO stagepunt_app;

SELECT enforce_row_security('jobs');

CREATE POLICY jobs_select ON jobs FOR SELECT TO stagepunt_app
    USING (
        organisation_id = (SELECT app_organisation())
        OR (SELECT app_job()) = 'work-jobs');

CREATE POLICY jobs_insert ON jobs FOR INSERT TO stagepunt_app
    WITH CHECK (
        client_id = (SELECT app_client())
        AND organisation_id = (SELECT app_organisation())
        AND status = 'queued');

CREATE POLICY jobs_update ON jobs FOR UPDATE TO stagepunt_app
    USING ((SELECT app_job()) = 'work-jobs');

COMMENT ON TABLE jobs IS 'Long work, such as imports and exports, with its progress and the lease of the process at work.';
COMMENT ON COLUMN jobs.kind IS 'What is to be done.';
COMMENT ON COLUMN jobs.status IS 'State: queued, running, done, failed or cancelled.';
COMMENT ON COLUMN jobs.client_id IS 'Client that asked for it.';
COMMENT ON COLUMN jobs.organisation_id IS 'Organisation of that client.';
COMMENT ON COLUMN jobs.region_id IS 'Region that the work is about, if it is about one.';
COMMENT ON COLUMN jobs.parameters IS 'What the worker needs to know; ids and codes only.';
COMMENT ON COLUMN jobs.progress_done IS 'Items done so far.';
COMMENT ON COLUMN jobs.progress_total IS 'Items in all; null while unknown.';
COMMENT ON COLUMN jobs.result IS 'Counts and ids of the outcome.';
COMMENT ON COLUMN jobs.error_code IS 'Code of the failure.';
COMMENT ON COLUMN jobs.attempts IS 'How often a worker took it up.';
COMMENT ON COLUMN jobs.lease_owner IS 'Process at work.';
COMMENT ON COLUMN jobs.lease_until IS 'Moment after which another process may take over.';
COMMENT ON COLUMN jobs.started_at IS 'Moment a worker first took it up.';
COMMENT ON COLUMN jobs.finished_at IS 'Moment it ended.';
SELECT describe_shared_columns('jobs');
