-- Whether a host takes interns in a school year; why it does not is data too.

CREATE TABLE hosting_intents (
    row_id uuid CONSTRAINT hosting_intents_pkey PRIMARY KEY,
    id uuid NOT NULL,
    version integer NOT NULL,
    organisation_id uuid NOT NULL
        CONSTRAINT hosting_intents_organisation_id_fk REFERENCES organisations (id),
    school_year text NOT NULL CONSTRAINT hosting_intents_school_year_check CHECK (is_school_year(school_year)),
    intent text NOT NULL
        CONSTRAINT hosting_intents_intent_check CHECK (intent IN ('offering', 'interested', 'not-offering')),
    reason_code text
        CONSTRAINT hosting_intents_reason_code_check CHECK (char_length(reason_code) BETWEEN 1 AND 64),
    effective_from date NOT NULL,
    effective_to date,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    superseded_at timestamptz,
    superseded_tx xid8,
    CONSTRAINT hosting_intents_intent_reason_code_check CHECK (
        (intent = 'not-offering') = (reason_code IS NOT NULL)),
    CONSTRAINT hosting_intents_organisation_id_school_year_excl EXCLUDE USING gist (
        (organisation_id::text || school_year) WITH =, daterange(effective_from, effective_to) WITH &&)
        WHERE (superseded_at IS NULL)
);

SELECT make_fact_table('hosting_intents');

CREATE INDEX hosting_intents_organisation_id_idx ON hosting_intents (organisation_id, school_year, effective_from)
    WHERE superseded_at IS NULL;

-- Sight outlives a membership, writing does not. What a bureau hears by phone needs no mandate.
CREATE POLICY hosting_intents_select ON hosting_intents FOR SELECT TO stagepunt_app
    USING (
        CASE WHEN (SELECT app_role()) = 'practice' THEN organisation_id = (SELECT app_organisation())
            WHEN (SELECT app_role()) IN ('region', 'school') THEN EXISTS (
                SELECT FROM memberships m
                WHERE m.organisation_id = hosting_intents.organisation_id
                    AND m.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND m.superseded_at IS NULL)
            ELSE false END);

CREATE POLICY hosting_intents_insert ON hosting_intents FOR INSERT TO stagepunt_app
    WITH CHECK (
        (SELECT app_role()) = 'practice' AND organisation_id = (SELECT app_organisation())
        OR (SELECT app_role()) = 'region' AND is_member_of_own_region(organisation_id));

CREATE POLICY hosting_intents_update ON hosting_intents FOR UPDATE TO stagepunt_app
    USING (
        (SELECT app_role()) = 'practice' AND organisation_id = (SELECT app_organisation())
        OR (SELECT app_role()) = 'region' AND is_member_of_own_region(organisation_id));

COMMENT ON TABLE hosting_intents IS 'Whether a host offers internships in a school year (stagebereidheid).';
COMMENT ON COLUMN hosting_intents.organisation_id IS 'Host that the intent is of.';
COMMENT ON COLUMN hosting_intents.school_year IS 'School year, as in 2018-2019.';
COMMENT ON COLUMN hosting_intents.intent IS 'Offering, interested or not-offering.';
COMMENT ON COLUMN hosting_intents.reason_code IS 'Why the host does not offer.';
