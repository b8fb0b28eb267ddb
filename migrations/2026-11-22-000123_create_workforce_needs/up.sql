-- How many people of a profession a region needs in a year.

CREATE TABLE workforce_needs (
    row_id uuid CONSTRAINT workforce_needs_pkey PRIMARY KEY,
    id uuid NOT NULL,
    version integer NOT NULL,
    region_id uuid NOT NULL CONSTRAINT workforce_needs_region_id_fk REFERENCES regions (id),
    profession text NOT NULL CONSTRAINT workforce_needs_profession_check CHECK (is_profession(profession)),
    year smallint NOT NULL CONSTRAINT workforce_needs_year_check CHECK (year BETWEEN 2000 AND 2100),
    needed integer NOT NULL CONSTRAINT workforce_needs_needed_check CHECK (needed BETWEEN 0 AND 1000000),
    expected_outflow integer
        CONSTRAINT workforce_needs_expected_outflow_check CHECK (expected_outflow BETWEEN 0 AND 1000000),
    source text CONSTRAINT workforce_needs_source_check CHECK (char_length(source) BETWEEN 1 AND 200),
    effective_from date NOT NULL,
    effective_to date,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    superseded_at timestamptz,
    superseded_tx xid8,
    CONSTRAINT workforce_needs_region_id_profession_year_excl EXCLUDE USING gist (
        (region_id::text || profession || year) WITH =, daterange(effective_from, effective_to) WITH &&)
        WHERE (superseded_at IS NULL)
);

SELECT make_fact_table('workforce_needs');

CREATE INDEX workforce_needs_region_id_idx ON workforce_needs (region_id, id) WHERE superseded_at IS NULL;

CREATE POLICY workforce_needs_select ON workforce_needs FOR SELECT TO stagepunt_app
    USING ((SELECT app_actor_kind()) = 'client');

CREATE POLICY workforce_needs_insert ON workforce_needs FOR INSERT TO stagepunt_app
    WITH CHECK ((SELECT app_role()) = 'region' AND region_id = ANY ((SELECT app_regions())::uuid[]));

CREATE POLICY workforce_needs_update ON workforce_needs FOR UPDATE TO stagepunt_app
    USING ((SELECT app_role()) = 'region' AND region_id = ANY ((SELECT app_regions())::uuid[]));

COMMENT ON TABLE workforce_needs IS 'Need for people (personeelsbehoefte) of a region, by profession and year.';
COMMENT ON COLUMN workforce_needs.region_id IS 'Region that needs them.';
COMMENT ON COLUMN workforce_needs.profession IS 'Profession that is needed.';
COMMENT ON COLUMN workforce_needs.year IS 'Calendar year.';
COMMENT ON COLUMN workforce_needs.needed IS 'Persons needed in that year.';
COMMENT ON COLUMN workforce_needs.expected_outflow IS 'Persons expected to leave in that year.';
COMMENT ON COLUMN workforce_needs.source IS 'Where the numbers come from.';
COMMENT ON COLUMN workforce_needs.effective_from IS 'First day on which this estimate holds.';
