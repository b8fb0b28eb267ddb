DROP POLICY idempotency_keys_update ON idempotency_keys;
CREATE POLICY idempotency_keys_update ON idempotency_keys FOR UPDATE TO stagepunt_app
    USING (client_id = (SELECT app_client()));
