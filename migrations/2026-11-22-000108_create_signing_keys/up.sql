-- Keys that sign access tokens; two can be published at once, so that they rotate without failures.

CREATE TABLE signing_keys (
    id uuid CONSTRAINT signing_keys_pkey PRIMARY KEY,
    kid text NOT NULL
        CONSTRAINT signing_keys_kid_key UNIQUE
        CONSTRAINT signing_keys_kid_check CHECK (char_length(kid) BETWEEN 1 AND 64),
    algorithm text NOT NULL CONSTRAINT signing_keys_algorithm_check CHECK (algorithm IN ('ES256')),
    public_jwk jsonb NOT NULL
        CONSTRAINT signing_keys_public_jwk_check
            CHECK (jsonb_typeof(public_jwk) = 'object' AND NOT public_jwk ? 'd'),
    private_key bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    signs_from timestamptz NOT NULL,
    signs_until timestamptz,
    retired_at timestamptz,
    CONSTRAINT signing_keys_signs_until_check CHECK (signs_until >= signs_from),
    CONSTRAINT signing_keys_retired_at_check CHECK (retired_at >= signs_until)
);

CREATE INDEX signing_keys_signs_from_idx ON signing_keys (signs_from) WHERE retired_at IS NULL;

GRANT SELECT, INSERT, UPDATE (signs_from, signs_until, retired_at, private_key) ON signing_keys TO stagepunt_app;

SELECT enforce_row_security('signing_keys');

CREATE POLICY signing_keys_select ON signing_keys FOR SELECT TO stagepunt_app
    USING ((SELECT app_job()) IN ('sign-in', 'rotate-keys'));

CREATE POLICY signing_keys_insert ON signing_keys FOR INSERT TO stagepunt_app
    WITH CHECK ((SELECT app_job()) = 'rotate-keys');

CREATE POLICY signing_keys_update ON signing_keys FOR UPDATE TO stagepunt_app
    USING ((SELECT app_job()) = 'rotate-keys');

COMMENT ON TABLE signing_keys IS 'Keys that sign access tokens; only jobs see them, no client does.';
COMMENT ON COLUMN signing_keys.kid IS 'Key id in the head of a token and in the published key set.';
COMMENT ON COLUMN signing_keys.algorithm IS 'The one algorithm that the key signs with.';
COMMENT ON COLUMN signing_keys.public_jwk IS 'Public half as a JSON Web Key.';
COMMENT ON COLUMN signing_keys.private_key IS 'Private half, sealed by the application; emptied at retirement.';
COMMENT ON COLUMN signing_keys.signs_from IS 'Moment from which the key signs; it is published from its creation.';
COMMENT ON COLUMN signing_keys.signs_until IS 'Moment from which it no longer signs; it stays published until its last token has expired.';
COMMENT ON COLUMN signing_keys.retired_at IS 'Moment it left the published key set.';
SELECT describe_shared_columns('signing_keys');
