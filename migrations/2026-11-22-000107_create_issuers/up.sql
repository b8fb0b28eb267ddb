-- Identity providers of partner regions whose tokens may be exchanged for ours.

CREATE TABLE issuers (
    id uuid CONSTRAINT issuers_pkey PRIMARY KEY,
    issuer text NOT NULL
        CONSTRAINT issuers_issuer_key UNIQUE
        CONSTRAINT issuers_issuer_check CHECK (is_web_address(issuer)),
    jwks_url text NOT NULL CONSTRAINT issuers_jwks_url_check CHECK (is_web_address(jwks_url)),
    algorithms text[] NOT NULL,
    audience text NOT NULL CONSTRAINT issuers_audience_check CHECK (char_length(audience) BETWEEN 1 AND 200),
    allowed_roles text[] NOT NULL,
    allowed_organisation_ids uuid[] NOT NULL
        CONSTRAINT issuers_allowed_organisation_ids_check
            CHECK (array_position(allowed_organisation_ids, NULL) IS NULL),
    claim_map jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT issuers_claim_map_check CHECK (jsonb_typeof(claim_map) = 'object'),
    active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1 CONSTRAINT issuers_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT issuers_algorithms_check CHECK (
        cardinality(algorithms) >= 1
        AND is_code_list(algorithms, ARRAY['ES256', 'ES384', 'EdDSA', 'PS256', 'RS256'])),
    CONSTRAINT issuers_allowed_roles_check CHECK (
        is_code_list(allowed_roles, ARRAY['practice', 'school', 'region', 'funder']))
);

CREATE TRIGGER stamp_update BEFORE UPDATE ON issuers FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, UPDATE (jwks_url, algorithms, audience, allowed_roles, allowed_organisation_ids,
    claim_map, active, version) ON issuers TO stagepunt_app;

SELECT enforce_row_security('issuers');

CREATE POLICY issuers_select ON issuers FOR SELECT TO stagepunt_app
    USING ((SELECT app_role()) = 'platform' OR (SELECT app_job()) = 'sign-in');

CREATE POLICY issuers_insert ON issuers FOR INSERT TO stagepunt_app
    WITH CHECK ((SELECT app_role()) = 'platform');

CREATE POLICY issuers_update ON issuers FOR UPDATE TO stagepunt_app
    USING ((SELECT app_role()) = 'platform');

COMMENT ON TABLE issuers IS 'Identity providers whose tokens are exchanged for ours, with what each may vouch for.';
COMMENT ON COLUMN issuers.issuer IS 'Exact value of the claim iss.';
COMMENT ON COLUMN issuers.jwks_url IS 'Fixed address of the provider''s public keys; no other is ever fetched.';
COMMENT ON COLUMN issuers.algorithms IS 'Signature algorithms accepted from the provider.';
COMMENT ON COLUMN issuers.audience IS 'Value that the claim aud must hold.';
COMMENT ON COLUMN issuers.allowed_roles IS 'Roles that a token of the provider may be exchanged for.';
COMMENT ON COLUMN issuers.allowed_organisation_ids IS 'Organisations that the provider may vouch for.';
COMMENT ON COLUMN issuers.claim_map IS 'Which claim of the provider means what here.';
COMMENT ON COLUMN issuers.active IS 'False while tokens of the provider are refused.';
SELECT describe_shared_columns('issuers');
