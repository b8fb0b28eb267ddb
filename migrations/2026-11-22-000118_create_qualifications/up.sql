-- Qualifications: what somebody is in training for. Reference data, written by migrations only.

CREATE TABLE qualifications (
    id uuid CONSTRAINT qualifications_pkey PRIMARY KEY,
    framework text NOT NULL
        CONSTRAINT qualifications_framework_check CHECK (framework IN ('mbo', 'hbo', 'sector')),
    crebo text CONSTRAINT qualifications_crebo_check CHECK (crebo ~ '^[0-9]{5}$'),
    profession text NOT NULL CONSTRAINT qualifications_profession_check CHECK (is_profession(profession)),
    level smallint CONSTRAINT qualifications_level_check CHECK (level BETWEEN 1 AND 4),
    name text NOT NULL CONSTRAINT qualifications_name_check CHECK (char_length(name) BETWEEN 1 AND 200),
    CONSTRAINT qualifications_framework_crebo_profession_key
        UNIQUE NULLS NOT DISTINCT (framework, crebo, profession),
    CONSTRAINT qualifications_framework_crebo_level_check CHECK (
        CASE framework WHEN 'mbo' THEN crebo IS NOT NULL AND level IS NOT NULL
            ELSE crebo IS NULL AND level IS NULL END)
);

INSERT INTO qualifications (id, framework, crebo, profession, level, name) VALUES
    ('01980000-0000-7000-8000-000000023180', 'mbo', '23180', 'doctors-assistant', 4, 'Doktersassistent'),
    ('01980000-0000-7000-8000-000000023284', 'mbo', '23284', 'doctors-assistant', 4, 'Doktersassistent'),
    ('01980000-0000-7000-8000-000000025473', 'mbo', '25473', 'doctors-assistant', 4, 'Doktersassistent'),
    ('01980000-0000-7000-8000-000000025695', 'mbo', '25695', 'doctors-assistant', 4, 'Doktersassistent'),
    ('01980000-0000-7000-8000-000000000001', 'hbo', NULL, 'practice-nurse-somatic', NULL,
        'Praktijkondersteuner huisartsenzorg somatiek'),
    ('01980000-0000-7000-8000-000000000002', 'hbo', NULL, 'practice-nurse-mental-health', NULL,
        'Praktijkondersteuner huisartsenzorg ggz'),
    ('01980000-0000-7000-8000-000000000003', 'sector', NULL, 'triage-assistant', NULL, 'Triagist');

GRANT SELECT ON qualifications TO stagepunt_app;

SELECT enforce_row_security('qualifications');

CREATE POLICY qualifications_select ON qualifications FOR SELECT TO stagepunt_app USING (true);

COMMENT ON TABLE qualifications IS 'Qualifications (kwalificaties) that interns are in training for; reference data.';
COMMENT ON COLUMN qualifications.framework IS 'Who sets it: mbo, hbo or the sector itself.';
COMMENT ON COLUMN qualifications.crebo IS 'Code of five digits in the register of mbo qualifications (crebo).';
COMMENT ON COLUMN qualifications.profession IS 'Profession that it leads to.';
COMMENT ON COLUMN qualifications.level IS 'Level of an mbo qualification, 1 to 4; null elsewhere.';
COMMENT ON COLUMN qualifications.name IS 'Dutch name.';
SELECT describe_shared_columns('qualifications');
