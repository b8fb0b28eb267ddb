-- The mail that has waited longest; the moment of its next attempt is the lease of who tries now.
UPDATE outbox_mails
SET attempts = attempts + 1, next_attempt_at = now() + interval '5 minutes'
WHERE id = (
    SELECT id FROM outbox_mails
    WHERE sent_at IS NULL AND failed_at IS NULL AND next_attempt_at <= now()
    ORDER BY next_attempt_at, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED)
RETURNING id, template, language, recipient, content, attempts, created_at < now() - interval '14 days' AS lapsed
