-- Shapes that many tables share: checks, stamps, dated facts, lifecycle transitions.
-- Migrations that ran elsewhere rely on these functions: add a new one instead of changing one.

-- Exclusion constraints over a key and a period need it; it is a trusted extension. They join the
-- columns of the key to one text, lest the planner take their index, which it thinks far cheaper
-- than it is, for a plain look-up by one of the columns.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE FUNCTION is_text_list(items text[], max_items integer, max_length integer)
    RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN cardinality(items) <= max_items
        AND coalesce(array_ndims(items), 1) = 1
        AND array_position(items, NULL) IS NULL
        AND (SELECT coalesce(bool_and(char_length(item) BETWEEN 1 AND max_length), true)
             FROM unnest(items) AS item);
COMMENT ON FUNCTION is_text_list(text[], integer, integer) IS 'Whether a list is flat, short enough and holds only texts of a permitted length.';

CREATE FUNCTION is_code_list(items text[], permitted text[])
    RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(array_ndims(items), 1) = 1
        AND array_position(items, NULL) IS NULL
        AND items <@ permitted
        AND cardinality(items) = (SELECT count(DISTINCT item) FROM unnest(items) AS item);
COMMENT ON FUNCTION is_code_list(text[], text[]) IS 'Whether a list is flat and holds only permitted codes, each at most once.';

CREATE FUNCTION is_profession(code text)
    RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN code IN ('doctors-assistant', 'practice-nurse-somatic', 'practice-nurse-mental-health',
        'triage-assistant');
COMMENT ON FUNCTION is_profession(text) IS 'Whether a code names a profession of general practice.';

CREATE FUNCTION is_school_year(code text)
    RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN code ~ '^[0-9]{4}-[0-9]{4}$'
        THEN substr(code, 6, 4)::integer = substr(code, 1, 4)::integer + 1 ELSE false END;
COMMENT ON FUNCTION is_school_year(text) IS 'Whether a code is a school year of two consecutive calendar years, as in 2018-2019.';

CREATE FUNCTION is_email(address text)
    RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN char_length(address) <= 254 AND address ~ '^[^@[:space:]]+@[^@[:space:]]+$';
COMMENT ON FUNCTION is_email(text) IS 'Whether a text has the shape of an e-mail address.';

CREATE FUNCTION is_phone(number text)
    RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN number ~ '^[0-9+() -]{3,32}$';
COMMENT ON FUNCTION is_phone(text) IS 'Whether a text has the shape of a telephone number.';

CREATE FUNCTION is_web_address(address text)
    RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN char_length(address) <= 2000 AND address ~ '^https?://[^[:space:]]+$';
COMMENT ON FUNCTION is_web_address(text) IS 'Whether a text has the shape of a web address.';

CREATE FUNCTION stamp_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := clock_timestamp();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION stamp_update() IS 'Sets updated_at on every change.';

CREATE FUNCTION stamp_feed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.updated_at := clock_timestamp();
    END IF;
    NEW.updated_tx := pg_current_xact_id();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION stamp_feed() IS 'Sets updated_at and updated_tx on every change, so that the updatedSince feed misses none.';

CREATE FUNCTION stamp_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.recorded_at := clock_timestamp();
        NEW.recorded_tx := pg_current_xact_id();
        NEW.superseded_at := NULL;
        NEW.superseded_tx := NULL;
        RETURN NEW;
    END IF;
    IF OLD.superseded_at IS NOT NULL OR NEW.superseded_at IS NULL THEN
        RAISE EXCEPTION 'a superseded record is final'
            USING ERRCODE = 'check_violation',
                SCHEMA = TG_TABLE_SCHEMA,
                TABLE = TG_TABLE_NAME,
                CONSTRAINT = TG_TABLE_NAME || '_superseded_at_check';
    END IF;
    NEW.superseded_at := clock_timestamp();
    NEW.superseded_tx := pg_current_xact_id();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION stamp_record() IS 'Stamps an append-only record when it is written and once more when it is superseded; no caller chooses these moments.';

CREATE FUNCTION enforce_row_security(table_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', table_name);
END
$$;
COMMENT ON FUNCTION enforce_row_security(text) IS 'Puts a table behind its policies, for its owner too.';

CREATE FUNCTION describe_shared_columns(table_name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    shared record;
BEGIN
    FOR shared IN
        SELECT known.name, known.meaning
        FROM (VALUES
            ('row_id', 'Identifier of this version of the fact.'),
            ('id', 'Identifier, a UUID version 7 made by the application; of a fact it stays the same in every version.'),
            ('version', 'Counts the changes of the row''s own fields, from 1.'),
            ('created_at', 'Moment the row was made.'),
            ('updated_at', 'Moment of the last change.'),
            ('updated_tx', 'Transaction of the last change, by which the updatedSince feed is ordered.'),
            ('effective_from', 'First day on which the fact holds.'),
            ('effective_to', 'Day from which the fact no longer holds; null while open.'),
            ('recorded_at', 'Moment the record was written.'),
            ('recorded_tx', 'Transaction that wrote the record.'),
            ('superseded_at', 'Moment a correction took the place of this record; null while it stands.'),
            ('superseded_tx', 'Transaction of that correction.')
        ) AS known (name, meaning)
        JOIN pg_catalog.pg_attribute a
            ON a.attname = known.name AND a.attrelid = table_name::regclass AND NOT a.attisdropped
        WHERE pg_catalog.col_description(a.attrelid, a.attnum) IS NULL
    LOOP
        EXECUTE format('COMMENT ON COLUMN %I.%I IS %L', table_name, shared.name, shared.meaning);
    END LOOP;
END
$$;
COMMENT ON FUNCTION describe_shared_columns(text) IS 'Comments the columns that mean the same in every table.';

-- A dated fact declares, besides its own columns:
--     row_id uuid PRIMARY KEY, id uuid NOT NULL, version integer NOT NULL,
--     effective_from date NOT NULL, effective_to date,
--     recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
--     recorded_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
--     superseded_at timestamptz, superseded_tx xid8
CREATE FUNCTION make_fact_table(table_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'ALTER TABLE %I
            ADD CONSTRAINT %I UNIQUE (id, version),
            ADD CONSTRAINT %I CHECK (version >= 1),
            ADD CONSTRAINT %I CHECK (effective_to > effective_from)',
        table_name,
        table_name || '_id_version_key',
        table_name || '_version_check',
        table_name || '_effective_to_check');
    EXECUTE format('CREATE UNIQUE INDEX %I ON %I (id) WHERE superseded_at IS NULL',
        table_name || '_id_key', table_name);
    EXECUTE format(
        'CREATE TRIGGER stamp_record BEFORE INSERT OR UPDATE ON %I
            FOR EACH ROW EXECUTE FUNCTION stamp_record()',
        table_name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE (superseded_at) ON %I TO stagepunt_app', table_name);
    PERFORM enforce_row_security(table_name);
    PERFORM describe_shared_columns(table_name);
END
$$;
COMMENT ON FUNCTION make_fact_table(text) IS 'Makes an append-only fact of a table: one standing version per id, stamps, grants, row security; its policies are left to the caller.';

-- reader and writer are conditions on the row `parent` of the resource.
CREATE FUNCTION create_transitions_table(
    resource_table text, singular text, reader text, writer text
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text := singular || '_transitions';
BEGIN
    EXECUTE format($ddl$
        CREATE TABLE %1$I (
            id uuid CONSTRAINT %2$I PRIMARY KEY,
            resource_id uuid NOT NULL CONSTRAINT %3$I REFERENCES %4$I (id),
            from_state text,
            to_state text NOT NULL,
            effective_on date NOT NULL,
            reason_code text CONSTRAINT %5$I CHECK (char_length(reason_code) BETWEEN 1 AND 64),
            note text CONSTRAINT %6$I CHECK (char_length(note) BETWEEN 1 AND 5000),
            client_id uuid,
            organisation_id uuid,
            role text,
            on_behalf_of uuid,
            mandate_id uuid,
            recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            recorded_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
            superseded_at timestamptz,
            superseded_tx xid8,
            supersedes_id uuid CONSTRAINT %7$I UNIQUE,
            CONSTRAINT %8$I UNIQUE (id, resource_id),
            CONSTRAINT %9$I FOREIGN KEY (supersedes_id, resource_id) REFERENCES %1$I (id, resource_id),
            CONSTRAINT %10$I FOREIGN KEY (client_id, organisation_id)
                REFERENCES clients (id, organisation_id),
            CONSTRAINT %11$I FOREIGN KEY (mandate_id, on_behalf_of)
                REFERENCES mandates (id, practice_id),
            CONSTRAINT %12$I CHECK ((mandate_id IS NULL) = (on_behalf_of IS NULL))
        )$ddl$,
        name,
        name || '_pkey',
        name || '_resource_id_fk', resource_table,
        name || '_reason_code_check',
        name || '_note_check',
        name || '_supersedes_id_key',
        name || '_id_resource_id_key',
        name || '_supersedes_id_fk',
        name || '_client_id_fk',
        name || '_mandate_id_fk',
        name || '_on_behalf_of_check');
    EXECUTE format('CREATE INDEX %I ON %I (resource_id, effective_on, id)',
        name || '_resource_id_idx', name);
    EXECUTE format(
        'CREATE TRIGGER stamp_record BEFORE INSERT OR UPDATE ON %I
            FOR EACH ROW EXECUTE FUNCTION stamp_record()',
        name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE (superseded_at) ON %I TO stagepunt_app', name);
    PERFORM enforce_row_security(name);

    EXECUTE format($ddl$
        CREATE POLICY %1$I ON %2$I FOR SELECT TO stagepunt_app
            USING (EXISTS (SELECT FROM %3$I parent WHERE parent.id = resource_id AND (%4$s)))$ddl$,
        name || '_select', name, resource_table, reader);
    EXECUTE format($ddl$
        CREATE POLICY %1$I ON %2$I FOR INSERT TO stagepunt_app
            WITH CHECK (
                client_id IS NOT DISTINCT FROM (SELECT app_client())
                AND organisation_id IS NOT DISTINCT FROM (SELECT app_organisation())
                AND role IS NOT DISTINCT FROM (SELECT app_role())
                AND (mandate_id IS NULL OR EXISTS (
                    SELECT FROM mandates m
                    WHERE m.id = mandate_id AND m.status = 'granted'
                        AND m.bureau_organisation_id = (SELECT app_organisation())))
                AND EXISTS (SELECT FROM %3$I parent WHERE parent.id = resource_id AND (%4$s)))$ddl$,
        name || '_insert', name, resource_table, writer);
    EXECUTE format($ddl$
        CREATE POLICY %1$I ON %2$I FOR UPDATE TO stagepunt_app
            USING (EXISTS (SELECT FROM %3$I parent WHERE parent.id = resource_id AND (%4$s)))$ddl$,
        name || '_update', name, resource_table, writer);

    EXECUTE format('COMMENT ON TABLE %I IS %L', name,
        'Lifecycle of ' || replace(resource_table, '_', ' ') || ': every step, who took it and when, append-only.');
    EXECUTE format('COMMENT ON COLUMN %I.resource_id IS %L', name, 'Resource that the step is about.');
    EXECUTE format('COMMENT ON COLUMN %I.from_state IS %L', name, 'State before the step; null for the first.');
    EXECUTE format('COMMENT ON COLUMN %I.to_state IS %L', name, 'State after the step.');
    EXECUTE format('COMMENT ON COLUMN %I.effective_on IS %L', name, 'Day on which the step took effect.');
    EXECUTE format('COMMENT ON COLUMN %I.reason_code IS %L', name, 'Coded reason, where the step asks for one.');
    EXECUTE format('COMMENT ON COLUMN %I.note IS %L', name, 'Remark of whoever took the step.');
    EXECUTE format('COMMENT ON COLUMN %I.client_id IS %L', name, 'Client that recorded the step.');
    EXECUTE format('COMMENT ON COLUMN %I.organisation_id IS %L', name, 'Organisation of that client.');
    EXECUTE format('COMMENT ON COLUMN %I.role IS %L', name, 'Role of that client.');
    EXECUTE format('COMMENT ON COLUMN %I.on_behalf_of IS %L', name, 'Practice in whose name the step was taken.');
    EXECUTE format('COMMENT ON COLUMN %I.mandate_id IS %L', name, 'Mandate that allowed it.');
    EXECUTE format('COMMENT ON COLUMN %I.supersedes_id IS %L', name, 'Wrongly recorded step that this one corrects.');
    PERFORM describe_shared_columns(name);
END
$$;
COMMENT ON FUNCTION create_transitions_table(text, text, text, text) IS 'Creates the history of a lifecycle with its policies; reader and writer are conditions on the row parent.';
