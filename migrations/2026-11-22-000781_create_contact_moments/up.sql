-- Who talked with whom about a placement: append-only, a wrong entry is superseded.

-- A record declares, besides its own columns:
--     row_id uuid PRIMARY KEY, id uuid NOT NULL, version integer NOT NULL,
--     recorded_by uuid NOT NULL DEFAULT app_organisation(),
--     recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
--     recorded_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
--     superseded_at timestamptz, superseded_tx xid8
CREATE FUNCTION make_record_table(table_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I UNIQUE (id, version), ADD CONSTRAINT %I CHECK (version >= 1),
            ADD CONSTRAINT %I FOREIGN KEY (recorded_by) REFERENCES organisations (id)',
        table_name, table_name || '_id_version_key', table_name || '_version_check', table_name || '_recorded_by_fk');
    EXECUTE format('CREATE UNIQUE INDEX %I ON %I (id) WHERE superseded_at IS NULL', table_name || '_id_key', table_name);
    EXECUTE format('CREATE INDEX %I ON %I (placement_id, id)', table_name || '_placement_id_idx', table_name);
    EXECUTE format('CREATE TRIGGER stamp_record BEFORE INSERT OR UPDATE ON %I
            FOR EACH ROW EXECUTE FUNCTION stamp_record()', table_name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE (superseded_at) ON %I TO stagepunt_app', table_name);
    PERFORM enforce_row_security(table_name);
    EXECUTE format('COMMENT ON COLUMN %I.row_id IS %L', table_name, 'Identifier of this version of the record.');
    EXECUTE format('COMMENT ON COLUMN %I.version IS %L', table_name, 'Counts the corrections, from 1.');
    EXECUTE format('COMMENT ON COLUMN %I.recorded_by IS %L', table_name, 'Organisation that recorded this version.');
    PERFORM describe_shared_columns(table_name);
END
$$;
COMMENT ON FUNCTION make_record_table(text) IS 'Makes an append-only record of a part of placements: one standing version per id, stamps, grants, row security; its policies are left to the caller.';

CREATE TABLE contact_moments (
    row_id uuid CONSTRAINT contact_moments_pkey PRIMARY KEY,
    id uuid NOT NULL,
    version integer NOT NULL,
    placement_id uuid NOT NULL,
    region_id uuid NOT NULL,
    school_id uuid NOT NULL,
    practice_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT contact_moments_kind_check CHECK (
        kind IN ('three-way', 'bureau-intern', 'school-visit')),
    held_on date NOT NULL,
    on_site boolean NOT NULL,
    participants text[] NOT NULL CONSTRAINT contact_moments_participants_check CHECK (
        cardinality(participants) >= 1
        AND is_code_list(participants, ARRAY['student', 'host', 'school', 'bureau', 'other'])),
    note text CONSTRAINT contact_moments_note_check CHECK (char_length(note) BETWEEN 1 AND 2000),
    recorded_by uuid NOT NULL DEFAULT app_organisation(),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    superseded_at timestamptz,
    superseded_tx xid8,
    CONSTRAINT contact_moments_placement_id_fk FOREIGN KEY (placement_id, region_id, school_id, practice_id)
        REFERENCES placements (id, region_id, school_id, practice_id)
);

SELECT make_record_table('contact_moments');

-- What a side recorded, that side corrects.
SELECT secure_placement_part('contact_moments',
    'recorded_by = (SELECT app_organisation())', 'recorded_by = (SELECT app_organisation())');

COMMENT ON TABLE contact_moments IS 'Talks about placements (contactmomenten).';
COMMENT ON COLUMN contact_moments.kind IS 'Three-way, bureau and intern, or visit of the school.';
COMMENT ON COLUMN contact_moments.held_on IS 'Day of the talk.';
COMMENT ON COLUMN contact_moments.on_site IS 'Whether it was at the host.';
COMMENT ON COLUMN contact_moments.participants IS 'Who was there, as sides, never by name.';
COMMENT ON COLUMN contact_moments.note IS 'What was agreed, without names.';
