-- The oldest import that waits, or whose worker has fallen silent.
WITH next AS (
    SELECT j.id
    FROM jobs j
    JOIN roster_imports i ON i.job_id = j.id
    WHERE j.kind = 'roster-import' AND j.status IN ('queued', 'running') AND i.status IN ('queued', 'running')
        AND (j.lease_until IS NULL OR j.lease_until < now())
    ORDER BY j.created_at, j.id
    LIMIT 1
    FOR UPDATE OF j SKIP LOCKED
), taken AS (
    UPDATE jobs j
    SET status = 'running', lease_owner = $1, lease_until = now() + interval '15 seconds',
        attempts = j.attempts + 1, started_at = coalesce(j.started_at, now()), version = j.version + 1
    FROM next
    WHERE j.id = next.id
    RETURNING j.id, j.client_id, j.parameters, j.attempts
)
UPDATE roster_imports i
SET status = 'running', rows_read = 0, rejected = 0
FROM taken
WHERE i.job_id = taken.id
RETURNING i.id, taken.id AS job, i.school_id AS school, taken.client_id AS client, taken.parameters, taken.attempts,
    i.form, i.mode, i.dry_run, i.confirmed, i.scope, i.size_bytes, i.sha256
