-- What became of the intern, at the end and again after a year: counted, hence append-only.

CREATE TABLE outcomes (
    row_id uuid CONSTRAINT outcomes_pkey PRIMARY KEY,
    id uuid NOT NULL,
    version integer NOT NULL,
    placement_id uuid NOT NULL,
    region_id uuid NOT NULL,
    school_id uuid NOT NULL,
    practice_id uuid NOT NULL,
    moment text NOT NULL CONSTRAINT outcomes_moment_check CHECK (moment IN ('at-end', 'after-a-year')),
    kind text NOT NULL CONSTRAINT outcomes_kind_check CHECK (
        kind IN ('hired-by-host', 'hired-in-region', 'hired-elsewhere', 'further-study', 'unknown')),
    known_on date NOT NULL,
    recorded_by uuid NOT NULL DEFAULT app_organisation(),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    superseded_at timestamptz,
    superseded_tx xid8,
    CONSTRAINT outcomes_placement_id_fk FOREIGN KEY (placement_id, region_id, school_id, practice_id)
        REFERENCES placements (id, region_id, school_id, practice_id)
);

SELECT make_record_table('outcomes');

CREATE UNIQUE INDEX outcomes_placement_id_moment_key ON outcomes (placement_id, moment) WHERE superseded_at IS NULL;

-- Who recorded it corrects it, or the bureau.
SELECT secure_placement_part('outcomes', 'recorded_by = (SELECT app_organisation())',
    $$recorded_by = (SELECT app_organisation()) OR (SELECT app_role()) = 'region'$$);

COMMENT ON TABLE outcomes IS 'What became of interns after their placement (uitkomst).';
COMMENT ON COLUMN outcomes.moment IS 'At the end, or after a year.';
COMMENT ON COLUMN outcomes.kind IS 'What became of the intern.';
COMMENT ON COLUMN outcomes.known_on IS 'Day on which it was so.';
