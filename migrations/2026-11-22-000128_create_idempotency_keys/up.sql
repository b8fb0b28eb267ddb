-- First answers to requests with an Idempotency-Key, written in the transaction of their effect.

CREATE TABLE idempotency_keys (
    client_id uuid NOT NULL CONSTRAINT idempotency_keys_client_id_fk REFERENCES clients (id),
    key_hash bytea NOT NULL CONSTRAINT idempotency_keys_key_hash_check CHECK (octet_length(key_hash) = 32),
    operation text NOT NULL
        CONSTRAINT idempotency_keys_operation_check CHECK (char_length(operation) BETWEEN 1 AND 200),
    request_hash bytea NOT NULL
        CONSTRAINT idempotency_keys_request_hash_check CHECK (octet_length(request_hash) = 32),
    job_id uuid CONSTRAINT idempotency_keys_job_id_fk REFERENCES jobs (id),
    status_code smallint
        CONSTRAINT idempotency_keys_status_code_check CHECK (status_code BETWEEN 200 AND 299),
    response bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL DEFAULT now() + interval '72 hours',
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (client_id, key_hash),
    CONSTRAINT idempotency_keys_response_check CHECK ((status_code IS NULL) = (response IS NULL))
);

CREATE INDEX idempotency_keys_expires_at_idx ON idempotency_keys (expires_at);

GRANT SELECT, INSERT, DELETE, UPDATE (request_hash, job_id, status_code, response)
    ON idempotency_keys TO stagepunt_app;

SELECT enforce_row_security('idempotency_keys');

CREATE POLICY idempotency_keys_select ON idempotency_keys FOR SELECT TO stagepunt_app
    USING (
        client_id = (SELECT app_client())
        OR (SELECT app_job()) = 'sweep-expired' AND expires_at < now());

CREATE POLICY idempotency_keys_insert ON idempotency_keys FOR INSERT TO stagepunt_app
    WITH CHECK (client_id = (SELECT app_client()));

CREATE POLICY idempotency_keys_update ON idempotency_keys FOR UPDATE TO stagepunt_app
    USING (client_id = (SELECT app_client()));

CREATE POLICY idempotency_keys_delete ON idempotency_keys FOR DELETE TO stagepunt_app
    USING (
        expires_at < now()
        AND (client_id = (SELECT app_client()) OR (SELECT app_job()) = 'sweep-expired'));

COMMENT ON TABLE idempotency_keys IS 'First answers to requests with an Idempotency-Key, visible to their client only.';
COMMENT ON COLUMN idempotency_keys.client_id IS 'Client that sent the key.';
COMMENT ON COLUMN idempotency_keys.key_hash IS 'SHA-256 of the key.';
COMMENT ON COLUMN idempotency_keys.operation IS 'Operation of the contract that the key was sent to.';
COMMENT ON COLUMN idempotency_keys.request_hash IS 'SHA-256 of method, path and body: the same key with another request is refused.';
COMMENT ON COLUMN idempotency_keys.job_id IS 'Job that the key is reserved for until its upload is complete.';
COMMENT ON COLUMN idempotency_keys.status_code IS 'Status of the first answer; null while the key is only reserved.';
COMMENT ON COLUMN idempotency_keys.response IS 'Head and body of the first answer, encrypted under a key derived from the Idempotency-Key.';
COMMENT ON COLUMN idempotency_keys.expires_at IS 'Moment from which the key is forgotten, 72 hours after it came.';
SELECT describe_shared_columns('idempotency_keys');
