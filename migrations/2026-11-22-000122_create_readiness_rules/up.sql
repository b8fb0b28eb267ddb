-- What a placement in a region needs before it starts.

CREATE TABLE readiness_rules (
    row_id uuid CONSTRAINT readiness_rules_pkey PRIMARY KEY,
    id uuid NOT NULL,
    version integer NOT NULL,
    region_id uuid NOT NULL CONSTRAINT readiness_rules_region_id_fk REFERENCES regions (id),
    requirement text NOT NULL
        CONSTRAINT readiness_rules_requirement_check
            CHECK (requirement IN ('mentor-certificate', 'certificate-of-conduct', 'duty-to-verify',
                'hepatitis-b-statement', 'confidentiality-statement')),
    severity text NOT NULL CONSTRAINT readiness_rules_severity_check CHECK (severity IN ('blocks', 'warns')),
    profession text CONSTRAINT readiness_rules_profession_check CHECK (is_profession(profession)),
    effective_from date NOT NULL,
    effective_to date,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    superseded_at timestamptz,
    superseded_tx xid8,
    CONSTRAINT readiness_rules_region_id_requirement_profession_excl EXCLUDE USING gist (
        (region_id::text || requirement || '/' || coalesce(profession, '')) WITH =,
        daterange(effective_from, effective_to) WITH &&)
        WHERE (superseded_at IS NULL)
);

SELECT make_fact_table('readiness_rules');

CREATE INDEX readiness_rules_region_id_idx ON readiness_rules (region_id, id) WHERE superseded_at IS NULL;

CREATE POLICY readiness_rules_select ON readiness_rules FOR SELECT TO stagepunt_app
    USING ((SELECT app_actor_kind()) = 'client');

CREATE POLICY readiness_rules_insert ON readiness_rules FOR INSERT TO stagepunt_app
    WITH CHECK ((SELECT app_role()) = 'region' AND region_id = ANY ((SELECT app_regions())::uuid[]));

CREATE POLICY readiness_rules_update ON readiness_rules FOR UPDATE TO stagepunt_app
    USING ((SELECT app_role()) = 'region' AND region_id = ANY ((SELECT app_regions())::uuid[]));

COMMENT ON TABLE readiness_rules IS 'What a placement in a region needs before it starts (startvoorwaarden), by date.';
COMMENT ON COLUMN readiness_rules.region_id IS 'Region that sets the rule.';
COMMENT ON COLUMN readiness_rules.requirement IS 'What is needed.';
COMMENT ON COLUMN readiness_rules.severity IS 'Whether its absence blocks the start or only warns.';
COMMENT ON COLUMN readiness_rules.profession IS 'Profession that the rule is for; null for all.';
