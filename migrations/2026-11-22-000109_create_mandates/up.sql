-- Mandates (machtigingen): what a bureau may do in the name of a practice.

CREATE TABLE mandates (
    id uuid CONSTRAINT mandates_pkey PRIMARY KEY,
    practice_id uuid NOT NULL CONSTRAINT mandates_practice_id_fk REFERENCES organisations (id),
    region_id uuid NOT NULL CONSTRAINT mandates_region_id_fk REFERENCES regions (id),
    bureau_organisation_id uuid NOT NULL
        CONSTRAINT mandates_bureau_organisation_id_fk REFERENCES organisations (id),
    scopes text[] NOT NULL,
    status text NOT NULL
        CONSTRAINT mandates_status_check CHECK (status IN ('requested', 'granted', 'declined', 'revoked')),
    valid_from date NOT NULL,
    valid_until date,
    origin text NOT NULL CONSTRAINT mandates_origin_check CHECK (origin IN ('requested', 'paper')),
    evidence_kind text
        CONSTRAINT mandates_evidence_kind_check CHECK (char_length(evidence_kind) BETWEEN 1 AND 64),
    evidence_reference text
        CONSTRAINT mandates_evidence_reference_check CHECK (char_length(evidence_reference) BETWEEN 1 AND 200),
    evidence_sha256 text
        CONSTRAINT mandates_evidence_sha256_check CHECK (evidence_sha256 ~ '^[0-9a-f]{64}$'),
    version integer NOT NULL DEFAULT 1 CONSTRAINT mandates_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT mandates_id_practice_id_key UNIQUE (id, practice_id),
    CONSTRAINT mandates_practice_id_bureau_organisation_id_check CHECK (practice_id <> bureau_organisation_id),
    CONSTRAINT mandates_scopes_check CHECK (
        cardinality(scopes) >= 1
        AND is_code_list(scopes, ARRAY['hosting-intents', 'offers', 'placements', 'agreements', 'mentors',
            'subsidy-applications', 'employment'])),
    CONSTRAINT mandates_valid_until_check CHECK (valid_until >= valid_from),
    CONSTRAINT mandates_origin_evidence_kind_check CHECK (
        origin <> 'paper' OR evidence_kind IS NOT NULL AND evidence_reference IS NOT NULL)
);

CREATE INDEX mandates_practice_id_idx ON mandates (practice_id, id);
CREATE INDEX mandates_region_id_idx ON mandates (region_id, id);
CREATE INDEX mandates_bureau_organisation_id_idx ON mandates (bureau_organisation_id)
    INCLUDE (practice_id, valid_from, valid_until) WHERE status = 'granted';

CREATE TRIGGER stamp_update BEFORE UPDATE ON mandates FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, UPDATE (scopes, status, valid_from, valid_until, evidence_kind, evidence_reference,
    evidence_sha256, version) ON mandates TO stagepunt_app;

SELECT enforce_row_security('mandates');

CREATE POLICY mandates_select ON mandates FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE (SELECT app_job()) = 'sign-in' END);

CREATE POLICY mandates_insert ON mandates FOR INSERT TO stagepunt_app
    WITH CHECK (
        (SELECT app_role()) = 'region'
        AND region_id = ANY ((SELECT app_regions())::uuid[])
        AND bureau_organisation_id = (SELECT app_organisation())
        AND (status = 'requested' OR status = 'granted' AND origin = 'paper')
        AND is_member_of_own_region(practice_id));

-- A bureau may withdraw what it asked for and give back what it got, but never grant to itself
-- what it did not get on paper.
CREATE POLICY mandates_update ON mandates FOR UPDATE TO stagepunt_app
    USING (
        (SELECT app_role()) = 'practice' AND practice_id = (SELECT app_organisation())
        OR (SELECT app_role()) = 'region' AND region_id = ANY ((SELECT app_regions())::uuid[]))
    WITH CHECK (
        (SELECT app_role()) = 'practice' AND practice_id = (SELECT app_organisation())
        OR (SELECT app_role()) = 'region' AND region_id = ANY ((SELECT app_regions())::uuid[])
            AND (status <> 'granted' OR origin = 'paper'));

COMMENT ON TABLE mandates IS 'Mandates (machtigingen) by which a bureau acts in the name of a practice.';
COMMENT ON COLUMN mandates.practice_id IS 'Host that gives the mandate.';
COMMENT ON COLUMN mandates.region_id IS 'Region in which it holds.';
COMMENT ON COLUMN mandates.bureau_organisation_id IS 'Bureau that receives it; it does not pass to a later bureau of the region.';
COMMENT ON COLUMN mandates.scopes IS 'What the bureau may do.';
COMMENT ON COLUMN mandates.status IS 'State: requested, granted, declined or revoked; expired follows from valid_until.';
COMMENT ON COLUMN mandates.valid_from IS 'First day on which it holds.';
COMMENT ON COLUMN mandates.valid_until IS 'Last day on which it holds; null while open.';
COMMENT ON COLUMN mandates.origin IS 'Whether the practice grants it here (requested) or it was recorded from paper.';
COMMENT ON COLUMN mandates.evidence_kind IS 'Kind of evidence, such as a signed form.';
COMMENT ON COLUMN mandates.evidence_reference IS 'Where the bureau keeps the evidence.';
COMMENT ON COLUMN mandates.evidence_sha256 IS 'SHA-256 of the evidence in lower-case hexadecimal digits.';
SELECT describe_shared_columns('mandates');

SELECT create_transitions_table('mandates', 'mandate',
    reader => 'true',
    writer => $$
        (SELECT app_role()) = 'practice' AND parent.practice_id = (SELECT app_organisation())
        OR (SELECT app_role()) = 'region' AND parent.region_id = ANY ((SELECT app_regions())::uuid[])$$);
