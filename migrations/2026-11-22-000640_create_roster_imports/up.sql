-- A roster comes in as pieces of bytes, in short transactions; a worker applies it in one. The
-- worker changes students as the school that sent them, and only this bookkeeping as a job.

CREATE TABLE roster_imports (
    id uuid CONSTRAINT roster_imports_pkey PRIMARY KEY,
    school_id uuid NOT NULL CONSTRAINT roster_imports_school_id_fk REFERENCES organisations (id),
    job_id uuid NOT NULL,
    form text NOT NULL
        CONSTRAINT roster_imports_form_check CHECK (form IN ('json', 'ndjson', 'csv', 'oneroster')),
    mode text NOT NULL CONSTRAINT roster_imports_mode_check CHECK (mode IN ('full', 'delta')),
    dry_run boolean NOT NULL,
    scope text[] NOT NULL CONSTRAINT roster_imports_scope_check CHECK (is_text_list(scope, 50, 64)),
    confirmed boolean NOT NULL DEFAULT false,
    status text NOT NULL DEFAULT 'receiving'
        CONSTRAINT roster_imports_status_check CHECK (status IN (
            'receiving', 'queued', 'running', 'guard-blocked', 'done', 'failed', 'cancelled', 'lapsed')),
    size_bytes bigint NOT NULL DEFAULT 0 CONSTRAINT roster_imports_size_bytes_check CHECK (size_bytes >= 0),
    sha256 text CONSTRAINT roster_imports_sha256_check CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    rows_read bigint NOT NULL DEFAULT 0 CONSTRAINT roster_imports_rows_read_check CHECK (rows_read >= 0),
    skipped bigint NOT NULL DEFAULT 0 CONSTRAINT roster_imports_skipped_check CHECK (skipped >= 0),
    rejected bigint NOT NULL DEFAULT 0 CONSTRAINT roster_imports_rejected_check CHECK (rejected >= 0),
    created bigint CONSTRAINT roster_imports_created_check CHECK (created >= 0),
    updated bigint CONSTRAINT roster_imports_updated_check CHECK (updated >= 0),
    unchanged bigint CONSTRAINT roster_imports_unchanged_check CHECK (unchanged >= 0),
    deactivated bigint CONSTRAINT roster_imports_deactivated_check CHECK (deactivated >= 0),
    deactivation_withheld boolean NOT NULL DEFAULT false,
    error_code text CONSTRAINT roster_imports_error_code_check CHECK (char_length(error_code) BETWEEN 1 AND 64),
    error_row bigint CONSTRAINT roster_imports_error_row_check CHECK (error_row >= 1),
    expected text[] NOT NULL DEFAULT '{}'
        CONSTRAINT roster_imports_expected_check CHECK (is_text_list(expected, 50, 64)),
    guard jsonb NOT NULL DEFAULT '[]' CONSTRAINT roster_imports_guard_check CHECK (jsonb_typeof(guard) = 'array'),
    finished_at timestamptz,
    version integer NOT NULL DEFAULT 1 CONSTRAINT roster_imports_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT roster_imports_job_id_key UNIQUE (job_id),
    CONSTRAINT roster_imports_job_id_fk FOREIGN KEY (job_id) REFERENCES jobs (id),
    CONSTRAINT roster_imports_id_school_id_key UNIQUE (id, school_id),
    CONSTRAINT roster_imports_sha256_null_check CHECK (sha256 IS NOT NULL OR status IN ('receiving', 'failed', 'cancelled')),
    CONSTRAINT roster_imports_finished_at_check CHECK (
        (finished_at IS NOT NULL) = (status IN ('guard-blocked', 'done', 'failed', 'cancelled', 'lapsed')))
);

-- Two imports of one school would undo each other's work.
CREATE UNIQUE INDEX roster_imports_school_id_key ON roster_imports (school_id)
    WHERE status IN ('receiving', 'queued', 'running');
CREATE INDEX roster_imports_school_id_idx ON roster_imports (school_id, id);
CREATE INDEX roster_imports_finished_at_idx ON roster_imports (finished_at) WHERE status = 'guard-blocked';

CREATE TRIGGER stamp_update BEFORE UPDATE ON roster_imports FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, UPDATE (job_id, confirmed, status, size_bytes, sha256, rows_read, skipped, rejected, created,
    updated, unchanged, deactivated, deactivation_withheld, error_code, error_row, expected, guard, finished_at, version)
    ON roster_imports TO stagepunt_app;

SELECT enforce_row_security('roster_imports');

CREATE POLICY roster_imports_select ON roster_imports FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_actor_kind())
            WHEN 'client' THEN (SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation())
            WHEN 'job' THEN (SELECT app_job()) IN ('work-jobs', 'sweep-expired')
            ELSE false END);

CREATE POLICY roster_imports_insert ON roster_imports FOR INSERT TO stagepunt_app
    WITH CHECK (
        (SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()) AND status = 'receiving');

CREATE POLICY roster_imports_update ON roster_imports FOR UPDATE TO stagepunt_app
    USING (
        CASE (SELECT app_actor_kind())
            WHEN 'client' THEN (SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation())
            WHEN 'job' THEN (SELECT app_job()) IN ('work-jobs', 'sweep-expired')
            ELSE false END);

COMMENT ON TABLE roster_imports IS 'Uploads of rosters (roosterimports) and what became of them.';
COMMENT ON COLUMN roster_imports.school_id IS 'School that sent it.';
COMMENT ON COLUMN roster_imports.job_id IS 'Job that applies it; another one after each confirmation.';
COMMENT ON COLUMN roster_imports.form IS 'Form of the file: json, ndjson, csv or oneroster.';
COMMENT ON COLUMN roster_imports.mode IS 'Full: whoever is missing becomes inactive; delta: only the rows count.';
COMMENT ON COLUMN roster_imports.dry_run IS 'Whether nothing of it is to take effect.';
COMMENT ON COLUMN roster_imports.scope IS 'Codes of the programmes that the file is about; empty for all.';
COMMENT ON COLUMN roster_imports.confirmed IS 'Whether the school said that a large loss of students is right.';
COMMENT ON COLUMN roster_imports.status IS 'State: receiving, queued, running, guard-blocked, done, failed, cancelled or lapsed.';
COMMENT ON COLUMN roster_imports.size_bytes IS 'Bytes received so far.';
COMMENT ON COLUMN roster_imports.sha256 IS 'Digest of the file, once it has come in whole.';
COMMENT ON COLUMN roster_imports.rows_read IS 'Rows read so far.';
COMMENT ON COLUMN roster_imports.skipped IS 'Rows about people who are no students of a registered programme.';
COMMENT ON COLUMN roster_imports.rejected IS 'Rows that could not be taken in.';
COMMENT ON COLUMN roster_imports.created IS 'Students who were new; null until the end.';
COMMENT ON COLUMN roster_imports.updated IS 'Students who changed.';
COMMENT ON COLUMN roster_imports.unchanged IS 'Students who were already held like that.';
COMMENT ON COLUMN roster_imports.deactivated IS 'Students who became inactive.';
COMMENT ON COLUMN roster_imports.deactivation_withheld IS 'Whether nobody became inactive because a row did not tell whom it was about.';
COMMENT ON COLUMN roster_imports.error_code IS 'Why the file as a whole was not applied.';
COMMENT ON COLUMN roster_imports.error_row IS 'Row at which reading stopped.';
COMMENT ON COLUMN roster_imports.expected IS 'Names of columns or files that were expected.';
COMMENT ON COLUMN roster_imports.guard IS 'Programmes that would lose more than half of their students: id, active, missing.';
COMMENT ON COLUMN roster_imports.finished_at IS 'Moment it ended, or was blocked.';
SELECT describe_shared_columns('roster_imports');

CREATE TABLE roster_chunks (
    import_id uuid NOT NULL,
    school_id uuid NOT NULL,
    number integer NOT NULL CONSTRAINT roster_chunks_number_check CHECK (number >= 0),
    bytes bytea NOT NULL CONSTRAINT roster_chunks_bytes_check CHECK (octet_length(bytes) BETWEEN 1 AND 1048576),
    CONSTRAINT roster_chunks_pkey PRIMARY KEY (import_id, number),
    CONSTRAINT roster_chunks_import_id_fk FOREIGN KEY (import_id, school_id) REFERENCES roster_imports (id, school_id)
);

-- They are read once, as they came: compressing them again is work for nothing.
ALTER TABLE roster_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;

GRANT SELECT, INSERT, DELETE ON roster_chunks TO stagepunt_app;

SELECT enforce_row_security('roster_chunks');

CREATE POLICY roster_chunks_select ON roster_chunks FOR SELECT TO stagepunt_app
    USING ((SELECT app_job()) IN ('work-jobs', 'sweep-expired'));

CREATE POLICY roster_chunks_insert ON roster_chunks FOR INSERT TO stagepunt_app
    WITH CHECK ((SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation()));

CREATE POLICY roster_chunks_delete ON roster_chunks FOR DELETE TO stagepunt_app
    USING ((SELECT app_job()) IN ('work-jobs', 'sweep-expired'));

COMMENT ON TABLE roster_chunks IS 'Pieces of an uploaded roster, of at most 1 MiB, until it has been applied.';
COMMENT ON COLUMN roster_chunks.import_id IS 'Import that they are of.';
COMMENT ON COLUMN roster_chunks.school_id IS 'School that sent it.';
COMMENT ON COLUMN roster_chunks.number IS 'Place in the file, from 0; all but the last are equally long.';
COMMENT ON COLUMN roster_chunks.bytes IS 'The bytes.';

CREATE TABLE roster_import_errors (
    import_id uuid NOT NULL,
    school_id uuid NOT NULL,
    number integer NOT NULL CONSTRAINT roster_import_errors_number_check CHECK (number >= 1),
    row_number bigint NOT NULL CONSTRAINT roster_import_errors_row_number_check CHECK (row_number >= 1),
    pointer text NOT NULL CONSTRAINT roster_import_errors_pointer_check CHECK (char_length(pointer) <= 200),
    code text NOT NULL CONSTRAINT roster_import_errors_code_check CHECK (char_length(code) BETWEEN 1 AND 64),
    CONSTRAINT roster_import_errors_pkey PRIMARY KEY (import_id, number),
    CONSTRAINT roster_import_errors_import_id_fk
        FOREIGN KEY (import_id, school_id) REFERENCES roster_imports (id, school_id)
);

GRANT SELECT, INSERT, DELETE ON roster_import_errors TO stagepunt_app;

SELECT enforce_row_security('roster_import_errors');

CREATE POLICY roster_import_errors_select ON roster_import_errors FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_actor_kind())
            WHEN 'client' THEN (SELECT app_role()) = 'school' AND school_id = (SELECT app_organisation())
            WHEN 'job' THEN (SELECT app_job()) = 'work-jobs'
            ELSE false END);

CREATE POLICY roster_import_errors_insert ON roster_import_errors FOR INSERT TO stagepunt_app
    WITH CHECK ((SELECT app_job()) = 'work-jobs');

CREATE POLICY roster_import_errors_delete ON roster_import_errors FOR DELETE TO stagepunt_app
    USING ((SELECT app_job()) = 'work-jobs');

COMMENT ON TABLE roster_import_errors IS 'What was wrong with rows of a roster, without the values themselves; the first 10,000.';
COMMENT ON COLUMN roster_import_errors.import_id IS 'Import that they are of.';
COMMENT ON COLUMN roster_import_errors.school_id IS 'School that sent it.';
COMMENT ON COLUMN roster_import_errors.number IS 'Place in the list, from 1.';
COMMENT ON COLUMN roster_import_errors.row_number IS 'Row of the file, from 1, without the header.';
COMMENT ON COLUMN roster_import_errors.pointer IS 'Property of the row; empty for the whole row.';
COMMENT ON COLUMN roster_import_errors.code IS 'What is wrong.';

-- Whoever asked for a job may end it; that a worker has it, or has done it, only the worker says.
DROP POLICY jobs_update ON jobs;
CREATE POLICY jobs_update ON jobs FOR UPDATE TO stagepunt_app
    USING (
        CASE (SELECT app_actor_kind())
            WHEN 'client' THEN organisation_id = (SELECT app_organisation()) AND status IN ('queued', 'running')
            ELSE (SELECT app_job()) IN ('work-jobs', 'sweep-expired') END)
    WITH CHECK (
        CASE (SELECT app_actor_kind())
            WHEN 'client' THEN organisation_id = (SELECT app_organisation()) AND status IN ('cancelled', 'failed')
            ELSE (SELECT app_job()) IN ('work-jobs', 'sweep-expired') END);

DROP POLICY jobs_select ON jobs;
CREATE POLICY jobs_select ON jobs FOR SELECT TO stagepunt_app
    USING (
        organisation_id = (SELECT app_organisation())
        OR (SELECT app_job()) IN ('work-jobs', 'sweep-expired'));
