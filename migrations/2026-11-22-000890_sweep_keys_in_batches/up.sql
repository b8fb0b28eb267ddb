-- The sweep locks the lapsed keys of a batch before it drops them, and passes over those that somebody
-- else holds. To lock is to change as policies see it; what it writes would still be refused.

ALTER POLICY idempotency_keys_update ON idempotency_keys
    USING (
        client_id = (SELECT app_client())
        OR (SELECT app_job()) = 'sweep-expired' AND expires_at < now())
    WITH CHECK (client_id = (SELECT app_client()));
