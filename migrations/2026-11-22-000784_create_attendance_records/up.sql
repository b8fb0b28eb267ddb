-- How long an intern was there: minutes in a stretch of days, never why somebody was not.

CREATE TABLE attendance_records (
    id uuid CONSTRAINT attendance_records_pkey PRIMARY KEY,
    placement_id uuid NOT NULL,
    region_id uuid NOT NULL,
    school_id uuid NOT NULL,
    practice_id uuid NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    planned_minutes integer NOT NULL
        CONSTRAINT attendance_records_planned_minutes_check CHECK (planned_minutes BETWEEN 0 AND 20000),
    present_minutes integer NOT NULL
        CONSTRAINT attendance_records_present_minutes_check CHECK (present_minutes BETWEEN 0 AND 20000),
    made_up_minutes integer NOT NULL DEFAULT 0
        CONSTRAINT attendance_records_made_up_minutes_check CHECK (made_up_minutes BETWEEN 0 AND 20000),
    version integer NOT NULL DEFAULT 1 CONSTRAINT attendance_records_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT attendance_records_placement_id_fk FOREIGN KEY (placement_id, region_id, school_id, practice_id)
        REFERENCES placements (id, region_id, school_id, practice_id),
    CONSTRAINT attendance_records_ends_on_check CHECK (ends_on - starts_on BETWEEN 0 AND 30),
    CONSTRAINT attendance_records_placement_id_excl EXCLUDE USING gist (
        (placement_id::text) WITH =, daterange(starts_on, ends_on, '[]') WITH &&)
);

CREATE INDEX attendance_records_placement_id_idx ON attendance_records (placement_id, starts_on, id);

CREATE TRIGGER stamp_update BEFORE UPDATE ON attendance_records FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, UPDATE (starts_on, ends_on, planned_minutes, present_minutes, made_up_minutes, version)
    ON attendance_records TO stagepunt_app;

SELECT enforce_row_security('attendance_records');

-- The host writes it, or its bureau under a mandate.
SELECT secure_placement_part('attendance_records', writes, writes)
FROM (VALUES ($$CASE (SELECT app_role())
        WHEN 'practice' THEN true
        WHEN 'region' THEN practice_id = ANY ((SELECT app_mandated('placements'))::uuid[])
        ELSE false END$$)) AS host (writes);

COMMENT ON TABLE attendance_records IS 'Attendance of interns (aanwezigheid) by stretches of days.';
COMMENT ON COLUMN attendance_records.starts_on IS 'First day of the stretch.';
COMMENT ON COLUMN attendance_records.ends_on IS 'Last day of the stretch.';
COMMENT ON COLUMN attendance_records.planned_minutes IS 'Minutes that were planned.';
COMMENT ON COLUMN attendance_records.present_minutes IS 'Minutes of these that the intern was there.';
COMMENT ON COLUMN attendance_records.made_up_minutes IS 'Minutes that the intern made up for earlier ones.';
SELECT describe_shared_columns('attendance_records');
