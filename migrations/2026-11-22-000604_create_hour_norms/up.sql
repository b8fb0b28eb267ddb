-- How many hours the law asks of a programme, by learning path. Reference data, written by
-- migrations only; a later norm is a row with a first day, and ends the one before it.

CREATE TABLE hour_norms (
    id uuid CONSTRAINT hour_norms_pkey PRIMARY KEY,
    framework text NOT NULL
        CONSTRAINT hour_norms_framework_check CHECK (framework IN ('mbo', 'hbo', 'sector')),
    level smallint CONSTRAINT hour_norms_level_check CHECK (level BETWEEN 1 AND 4),
    learning_path text NOT NULL
        CONSTRAINT hour_norms_learning_path_check
            CHECK (learning_path IN ('bol', 'bbl', 'third-path', 'full-time', 'part-time', 'dual')),
    basis text NOT NULL CONSTRAINT hour_norms_basis_check CHECK (basis IN ('programme', 'study-year')),
    study_years smallint CONSTRAINT hour_norms_study_years_check CHECK (study_years BETWEEN 1 AND 6),
    total_hours integer CONSTRAINT hour_norms_total_hours_check CHECK (total_hours >= 0),
    guided_hours integer CONSTRAINT hour_norms_guided_hours_check CHECK (guided_hours >= 0),
    guided_hours_first_year integer
        CONSTRAINT hour_norms_guided_hours_first_year_check CHECK (guided_hours_first_year >= 0),
    placement_hours integer CONSTRAINT hour_norms_placement_hours_check CHECK (placement_hours >= 0),
    valid_from date,
    valid_until date,
    source text NOT NULL CONSTRAINT hour_norms_source_check CHECK (char_length(source) BETWEEN 1 AND 500),
    CONSTRAINT hour_norms_valid_until_check CHECK (valid_until >= valid_from),
    CONSTRAINT hour_norms_framework_excl EXCLUDE USING gist (
        (framework || coalesce(level, 0) || learning_path || coalesce(study_years, 0)) WITH =,
        daterange(valid_from, valid_until, '[]') WITH &&)
);

INSERT INTO hour_norms (id, framework, level, learning_path, basis, study_years,
    total_hours, guided_hours, guided_hours_first_year, placement_hours, valid_from, valid_until, source) VALUES
    ('01980000-0000-7000-8000-000000010001', 'mbo', 4, 'bol', 'programme', 3, 3000, 1800, 700, 900, NULL, NULL,
        'Urennorm BOL, driejarige opleiding, zoals mbo-instellingen en de NRTO haar weergeven'),
    ('01980000-0000-7000-8000-000000010002', 'mbo', 4, 'bbl', 'study-year', NULL, 850, 200, NULL, 610, NULL, NULL,
        'Urennorm BBL per studiejaar, zoals mbo-instellingen en de NRTO haar weergeven'),
    ('01980000-0000-7000-8000-000000010003', 'mbo', 4, 'third-path', 'programme', NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, 'Derde leerweg: geen urennorm');

GRANT SELECT ON hour_norms TO stagepunt_app;

SELECT enforce_row_security('hour_norms');

CREATE POLICY hour_norms_select ON hour_norms FOR SELECT TO stagepunt_app
    USING ((SELECT app_actor_kind()) = 'client');

COMMENT ON TABLE hour_norms IS 'Hours that a programme has to give at least (urennormen); reference data.';
COMMENT ON COLUMN hour_norms.framework IS 'Who sets the qualification: mbo, hbo or the sector itself.';
COMMENT ON COLUMN hour_norms.level IS 'Level of an mbo qualification; null elsewhere.';
COMMENT ON COLUMN hour_norms.learning_path IS 'Learning path (leerweg) that it holds for.';
COMMENT ON COLUMN hour_norms.basis IS 'Over what the hours are counted: the whole programme or each study year.';
COMMENT ON COLUMN hour_norms.study_years IS 'Length of the programmes that it holds for; null for any.';
COMMENT ON COLUMN hour_norms.total_hours IS 'Least hours of study; null without a norm.';
COMMENT ON COLUMN hour_norms.guided_hours IS 'Of those, least hours guided by the school (begeleide onderwijstijd).';
COMMENT ON COLUMN hour_norms.guided_hours_first_year IS 'Of those, least hours in the first study year.';
COMMENT ON COLUMN hour_norms.placement_hours IS 'Least hours of practical training (beroepspraktijkvorming).';
COMMENT ON COLUMN hour_norms.valid_from IS 'First day on which it holds; null where that is not known.';
COMMENT ON COLUMN hour_norms.valid_until IS 'Last day on which it holds; null while open.';
COMMENT ON COLUMN hour_norms.source IS 'Where the numbers come from.';
SELECT describe_shared_columns('hour_norms');
