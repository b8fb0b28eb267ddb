-- Secrets of clients, at most two at a time so that one can be rotated without failures.

CREATE TABLE client_secrets (
    id uuid CONSTRAINT client_secrets_pkey PRIMARY KEY,
    client_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    slot smallint NOT NULL CONSTRAINT client_secrets_slot_check CHECK (slot IN (1, 2)),
    secret_hash bytea NOT NULL CONSTRAINT client_secrets_secret_hash_check CHECK (octet_length(secret_hash) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT client_secrets_client_id_fk FOREIGN KEY (client_id, organisation_id)
        REFERENCES clients (id, organisation_id),
    CONSTRAINT client_secrets_expires_at_check CHECK (expires_at > created_at)
);

CREATE UNIQUE INDEX client_secrets_organisation_id_client_id_slot_key
    ON client_secrets (organisation_id, client_id, slot)
    WHERE revoked_at IS NULL;

GRANT SELECT, INSERT, UPDATE (expires_at, revoked_at) ON client_secrets TO stagepunt_app;

SELECT enforce_row_security('client_secrets');

CREATE POLICY client_secrets_select ON client_secrets FOR SELECT TO stagepunt_app
    USING (
        (SELECT app_role()) = 'platform'
        OR organisation_id = (SELECT app_organisation())
        OR (SELECT app_job()) IN ('sign-in', 'manage-clients'));

CREATE POLICY client_secrets_insert ON client_secrets FOR INSERT TO stagepunt_app
    WITH CHECK (
        (SELECT app_role()) = 'platform'
        OR organisation_id = (SELECT app_organisation())
        OR (SELECT app_job()) = 'manage-clients');

CREATE POLICY client_secrets_update ON client_secrets FOR UPDATE TO stagepunt_app
    USING (
        (SELECT app_role()) = 'platform'
        OR organisation_id = (SELECT app_organisation())
        OR (SELECT app_job()) = 'manage-clients');

COMMENT ON TABLE client_secrets IS 'Hashes of client secrets; the secrets themselves are shown once and kept nowhere.';
COMMENT ON COLUMN client_secrets.client_id IS 'Client that the secret belongs to.';
COMMENT ON COLUMN client_secrets.organisation_id IS 'Organisation of that client.';
COMMENT ON COLUMN client_secrets.slot IS 'One of two places, so that no more than two secrets stand at once.';
COMMENT ON COLUMN client_secrets.secret_hash IS 'SHA-256 of the secret of 256 random bits.';
COMMENT ON COLUMN client_secrets.expires_at IS 'Moment from which the secret no longer works; null for no end.';
COMMENT ON COLUMN client_secrets.revoked_at IS 'Moment the secret was revoked, which frees its slot.';
SELECT describe_shared_columns('client_secrets');
