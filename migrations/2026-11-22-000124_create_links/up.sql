-- Single-use links by which a student without an account signs an agreement or gives feedback.

CREATE TABLE links (
    id uuid CONSTRAINT links_pkey PRIMARY KEY,
    token_hash bytea NOT NULL
        CONSTRAINT links_token_hash_key UNIQUE
        CONSTRAINT links_token_hash_check CHECK (octet_length(token_hash) = 32),
    purpose text NOT NULL CONSTRAINT links_purpose_check CHECK (purpose IN ('agreement', 'feedback-item')),
    resource_id uuid NOT NULL,
    organisation_id uuid NOT NULL CONSTRAINT links_organisation_id_fk REFERENCES organisations (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL DEFAULT now() + interval '14 days',
    used_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT links_expires_at_check CHECK (expires_at > created_at)
);

CREATE INDEX links_resource_id_idx ON links (resource_id) WHERE used_at IS NULL AND revoked_at IS NULL;

GRANT SELECT, INSERT, UPDATE (used_at, revoked_at) ON links TO stagepunt_app;

SELECT enforce_row_security('links');

CREATE POLICY links_select ON links FOR SELECT TO stagepunt_app
    USING (
        id = (SELECT app_link())
        OR organisation_id = (SELECT app_organisation())
        OR (SELECT app_job()) = 'sign-in');

CREATE POLICY links_insert ON links FOR INSERT TO stagepunt_app
    WITH CHECK (
        organisation_id = (SELECT app_organisation())
        AND used_at IS NULL AND revoked_at IS NULL);

-- The link itself is burnt by its use, the organisation that had it made revokes it.
CREATE POLICY links_update ON links FOR UPDATE TO stagepunt_app
    USING (
        id = (SELECT app_link()) AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
        OR organisation_id = (SELECT app_organisation()))
    WITH CHECK (
        id = (SELECT app_link()) AND revoked_at IS NULL
        OR organisation_id = (SELECT app_organisation()));

COMMENT ON TABLE links IS 'Single-use links for callers without an account, each bound to one agreement or feedback item.';
COMMENT ON COLUMN links.token_hash IS 'SHA-256 of the token of 256 random bits; the token itself is kept nowhere.';
COMMENT ON COLUMN links.purpose IS 'What the link is for.';
COMMENT ON COLUMN links.resource_id IS 'Agreement or feedback item that it is bound to.';
COMMENT ON COLUMN links.organisation_id IS 'Organisation that had it made.';
COMMENT ON COLUMN links.expires_at IS 'Moment from which it no longer works, 14 days after it was made.';
COMMENT ON COLUMN links.used_at IS 'Moment it was used; a used link works no more.';
COMMENT ON COLUMN links.revoked_at IS 'Moment it was revoked, for instance by a new sheet.';
SELECT describe_shared_columns('links');
