-- What a placement needs besides its agreement: status and validity only, never a document or a
-- word about anybody's health.

-- entering and changing are conditions on a row, besides being one of the three sides.
CREATE FUNCTION secure_placement_part(table_name text, entering text, changing text)
    RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    side constant text := $policy$
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END$policy$;
BEGIN
    EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO stagepunt_app USING (%s)',
        table_name || '_select', table_name, side);
    EXECUTE format('CREATE POLICY %I ON %I FOR INSERT TO stagepunt_app WITH CHECK ((%s) AND (%s))',
        table_name || '_insert', table_name, side, entering);
    EXECUTE format('CREATE POLICY %I ON %I FOR UPDATE TO stagepunt_app USING ((%s) AND (%s))',
        table_name || '_update', table_name, side, changing);
    EXECUTE format('COMMENT ON COLUMN %I.placement_id IS %L', table_name, 'Placement that it is a part of.');
    EXECUTE format('COMMENT ON COLUMN %I.region_id IS %L', table_name, 'Region of the placement.');
    EXECUTE format('COMMENT ON COLUMN %I.school_id IS %L', table_name, 'School of the student.');
    EXECUTE format('COMMENT ON COLUMN %I.practice_id IS %L', table_name, 'Host of the placement.');
END
$$;
COMMENT ON FUNCTION secure_placement_part(text, text, text) IS 'Gives a part of placements its policies: school, host and bureau see it; entering and changing say who of them writes it.';

CREATE TABLE compliance_items (
    id uuid CONSTRAINT compliance_items_pkey PRIMARY KEY,
    placement_id uuid NOT NULL,
    region_id uuid NOT NULL,
    school_id uuid NOT NULL,
    practice_id uuid NOT NULL,
    requirement text NOT NULL CONSTRAINT compliance_items_requirement_check CHECK (
        requirement IN ('certificate-of-conduct', 'duty-to-verify', 'hepatitis-b-statement',
            'confidentiality-statement')),
    status text NOT NULL CONSTRAINT compliance_items_status_check CHECK (
        status IN ('missing', 'requested', 'met', 'not-applicable')),
    checked_on date,
    valid_until date,
    stated_by uuid NOT NULL DEFAULT app_organisation()
        CONSTRAINT compliance_items_stated_by_fk REFERENCES organisations (id),
    version integer NOT NULL DEFAULT 1 CONSTRAINT compliance_items_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT compliance_items_placement_id_requirement_key UNIQUE (placement_id, requirement),
    CONSTRAINT compliance_items_placement_id_fk FOREIGN KEY (placement_id, region_id, school_id, practice_id)
        REFERENCES placements (id, region_id, school_id, practice_id),
    CONSTRAINT compliance_items_checked_on_check CHECK (status <> 'met' OR checked_on IS NOT NULL),
    CONSTRAINT compliance_items_valid_until_check CHECK (
        valid_until IS NULL OR (status = 'met' AND valid_until >= checked_on))
);

CREATE FUNCTION stamp_stated_by() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.stated_by := coalesce(public.app_organisation(), NEW.stated_by);
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION stamp_stated_by() IS 'Keeps whose statement a row is: that of who wrote it last.';

CREATE TRIGGER stamp_stated_by BEFORE INSERT OR UPDATE ON compliance_items
    FOR EACH ROW EXECUTE FUNCTION stamp_stated_by();
CREATE TRIGGER stamp_update BEFORE UPDATE ON compliance_items FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, UPDATE (status, checked_on, valid_until, version) ON compliance_items TO stagepunt_app;

SELECT enforce_row_security('compliance_items');
SELECT secure_placement_part('compliance_items', 'true', 'true');

COMMENT ON TABLE compliance_items IS 'Whether a placement meets what it needs before it starts (startvoorwaarden), as school, host or bureau saw it.';
COMMENT ON COLUMN compliance_items.requirement IS 'What is needed.';
COMMENT ON COLUMN compliance_items.status IS 'Missing, requested, met or not applicable.';
COMMENT ON COLUMN compliance_items.checked_on IS 'Day on which somebody saw that it is so.';
COMMENT ON COLUMN compliance_items.valid_until IS 'Last day on which it is valid; null without an end.';
COMMENT ON COLUMN compliance_items.stated_by IS 'Organisation that said so last.';
SELECT describe_shared_columns('compliance_items');
