-- Regional initiatives: the projects that a fund subsidises.

CREATE TABLE initiatives (
    id uuid CONSTRAINT initiatives_pkey PRIMARY KEY,
    code text NOT NULL CONSTRAINT initiatives_code_check CHECK (char_length(code) BETWEEN 1 AND 64),
    title text NOT NULL CONSTRAINT initiatives_title_check CHECK (char_length(title) BETWEEN 1 AND 200),
    summary text CONSTRAINT initiatives_summary_check CHECK (char_length(summary) BETWEEN 1 AND 5000),
    region_id uuid NOT NULL CONSTRAINT initiatives_region_id_fk REFERENCES regions (id),
    lead_organisation_id uuid NOT NULL
        CONSTRAINT initiatives_lead_organisation_id_fk REFERENCES organisations (id),
    funder_id uuid CONSTRAINT initiatives_funder_id_fk REFERENCES organisations (id),
    partner_organisation_ids uuid[] NOT NULL DEFAULT '{}',
    status text NOT NULL DEFAULT 'draft'
        CONSTRAINT initiatives_status_check
            CHECK (status IN ('draft', 'submitted', 'running', 'paused', 'finished', 'evaluated', 'withdrawn',
                'abandoned')),
    starts_on date,
    ends_on date,
    goals text[] NOT NULL DEFAULT '{}' CONSTRAINT initiatives_goals_check CHECK (is_text_list(goals, 50, 1000)),
    activities text[] NOT NULL DEFAULT '{}'
        CONSTRAINT initiatives_activities_check CHECK (is_text_list(activities, 50, 1000)),
    benefits text[] NOT NULL DEFAULT '{}'
        CONSTRAINT initiatives_benefits_check CHECK (is_text_list(benefits, 50, 1000)),
    professions text[] NOT NULL DEFAULT '{}',
    learning_paths text[] NOT NULL DEFAULT '{}',
    policy_frameworks text[] NOT NULL DEFAULT '{}'
        CONSTRAINT initiatives_policy_frameworks_check CHECK (is_text_list(policy_frameworks, 50, 200)),
    contact_text text CONSTRAINT initiatives_contact_text_check CHECK (char_length(contact_text) BETWEEN 1 AND 1000),
    contact_url text CONSTRAINT initiatives_contact_url_check CHECK (is_web_address(contact_url)),
    contact_email text CONSTRAINT initiatives_contact_email_check CHECK (is_email(contact_email)),
    contact_phone text CONSTRAINT initiatives_contact_phone_check CHECK (is_phone(contact_phone)),
    published boolean NOT NULL DEFAULT false,
    copied_from_id uuid CONSTRAINT initiatives_copied_from_id_fk REFERENCES initiatives (id),
    version integer NOT NULL DEFAULT 1 CONSTRAINT initiatives_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    updated_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT initiatives_region_id_code_key UNIQUE (region_id, code),
    CONSTRAINT initiatives_id_region_id_key UNIQUE (id, region_id),
    CONSTRAINT initiatives_ends_on_check CHECK (ends_on >= starts_on),
    CONSTRAINT initiatives_copied_from_id_check CHECK (copied_from_id <> id),
    CONSTRAINT initiatives_professions_check CHECK (
        is_code_list(professions, ARRAY['doctors-assistant', 'practice-nurse-somatic',
            'practice-nurse-mental-health', 'triage-assistant'])),
    CONSTRAINT initiatives_learning_paths_check CHECK (
        is_code_list(learning_paths, ARRAY['bol', 'bbl', 'third-path', 'full-time', 'part-time', 'dual']))
);

CREATE INDEX initiatives_region_id_idx ON initiatives (region_id, id) INCLUDE (status);
CREATE INDEX initiatives_lead_organisation_id_idx ON initiatives (lead_organisation_id, id);
CREATE INDEX initiatives_funder_id_idx ON initiatives (funder_id, id) INCLUDE (status)
    WHERE funder_id IS NOT NULL;
CREATE INDEX initiatives_published_idx ON initiatives (id) INCLUDE (region_id, status) WHERE published;
CREATE INDEX initiatives_updated_tx_idx ON initiatives (updated_tx, id);
CREATE INDEX initiatives_region_id_updated_tx_idx ON initiatives (region_id, updated_tx, id);

CREATE FUNCTION guard_initiative() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.partner_organisation_ids := '{}';
        -- A foreign key would also accept an initiative that the caller cannot see.
        IF NEW.copied_from_id IS NOT NULL
            AND NOT EXISTS (SELECT FROM public.initiatives i WHERE i.id = NEW.copied_from_id) THEN
            RAISE EXCEPTION 'the copied initiative is not there'
                USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                    CONSTRAINT = 'initiatives_copied_from_id_fk';
        END IF;
    ELSIF NEW.partner_organisation_ids IS DISTINCT FROM OLD.partner_organisation_ids
        AND pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'partners are written in initiative_partners'
            USING ERRCODE = 'insufficient_privilege', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_initiative() IS 'Refuses a copy of an initiative out of sight, and partners that are not written in initiative_partners.';

CREATE FUNCTION bury_initiative() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.tombstones (collection, resource_id, organisation_id)
    SELECT DISTINCT 'initiatives', OLD.id, lost.organisation_id
    FROM (
        SELECT OLD.lead_organisation_id
        UNION ALL SELECT OLD.funder_id WHERE OLD.status <> 'draft'
        UNION ALL SELECT unnest(OLD.partner_organisation_ids)
    ) AS lost (organisation_id)
    WHERE lost.organisation_id IS NOT NULL
        AND lost.organisation_id <> NEW.lead_organisation_id
        AND lost.organisation_id <> ALL (NEW.partner_organisation_ids)
        AND (NEW.status = 'draft' OR lost.organisation_id IS DISTINCT FROM NEW.funder_id);

    IF OLD.status <> 'draft' AND NEW.status = 'draft' THEN
        INSERT INTO public.tombstones (collection, resource_id, region_id)
        VALUES ('initiatives', OLD.id, OLD.region_id);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION bury_initiative() IS 'Leaves a tombstone for whoever loses sight of an initiative by a change of lead, funder, partners or state.';

CREATE TRIGGER guard_initiative BEFORE INSERT OR UPDATE OF partner_organisation_ids ON initiatives
    FOR EACH ROW EXECUTE FUNCTION guard_initiative();
CREATE TRIGGER stamp_feed BEFORE INSERT OR UPDATE ON initiatives
    FOR EACH ROW EXECUTE FUNCTION stamp_feed();
CREATE TRIGGER bury_initiative
    AFTER UPDATE OF lead_organisation_id, funder_id, partner_organisation_ids, status ON initiatives
    FOR EACH ROW EXECUTE FUNCTION bury_initiative();

GRANT SELECT, INSERT ON initiatives TO stagepunt_app;
GRANT UPDATE (code, title, summary, lead_organisation_id, funder_id, partner_organisation_ids, status,
    starts_on, ends_on, goals, activities, benefits, professions, learning_paths, policy_frameworks,
    contact_text, contact_url, contact_email, contact_phone, published, version)
    ON initiatives TO stagepunt_app;

SELECT enforce_row_security('initiatives');

-- The parts of an initiative are read and written by fewer callers than its published face.
CREATE FUNCTION initiative_reader_condition() RETURNS text LANGUAGE sql IMMUTABLE RETURN $$
        CASE (SELECT app_role())
            WHEN 'region' THEN parent.region_id = ANY ((SELECT app_regions())::uuid[])
            WHEN 'funder' THEN parent.funder_id = (SELECT app_organisation()) AND parent.status <> 'draft'
            WHEN 'practice' THEN
                parent.region_id = ANY ((SELECT app_regions())::uuid[]) AND parent.status <> 'draft'
            WHEN 'school' THEN
                parent.region_id = ANY ((SELECT app_regions())::uuid[]) AND parent.status <> 'draft'
            ELSE false END
        OR parent.lead_organisation_id = (SELECT app_organisation())
        OR (SELECT app_organisation()) = ANY (parent.partner_organisation_ids)$$;
COMMENT ON FUNCTION initiative_reader_condition() IS 'Condition of a policy, on the row parent of initiatives: who reads it and its parts.';

CREATE FUNCTION initiative_writer_condition() RETURNS text LANGUAGE sql IMMUTABLE RETURN $$
        (SELECT app_role()) = 'region' AND parent.region_id = ANY ((SELECT app_regions())::uuid[])
        OR parent.lead_organisation_id = (SELECT app_organisation())$$;
COMMENT ON FUNCTION initiative_writer_condition() IS 'Condition of a policy, on the row parent of initiatives: who writes it and its parts.';

-- Anyone may see what is published, also the bureau of another region that wants to copy it.
DO $policies$
BEGIN
    EXECUTE format($ddl$
        CREATE POLICY initiatives_select ON initiatives FOR SELECT TO stagepunt_app
            USING (%s
                OR published AND status NOT IN ('draft', 'withdrawn')
                    AND (SELECT app_actor_kind()) IN ('client', 'public'))$ddl$,
        replace(initiative_reader_condition(), 'parent.', ''));
    EXECUTE format($ddl$
        CREATE POLICY initiatives_update ON initiatives FOR UPDATE TO stagepunt_app
            USING (%s)$ddl$,
        replace(initiative_writer_condition(), 'parent.', ''));
END
$policies$;

CREATE POLICY initiatives_insert ON initiatives FOR INSERT TO stagepunt_app
    WITH CHECK (
        (SELECT app_role()) = 'region' AND region_id = ANY ((SELECT app_regions())::uuid[])
        OR (SELECT app_role()) IN ('practice', 'school')
            AND lead_organisation_id = (SELECT app_organisation())
            AND EXISTS (
                SELECT FROM memberships m
                WHERE m.organisation_id = (SELECT app_organisation())
                    AND m.region_id = initiatives.region_id
                    AND m.superseded_at IS NULL
                    AND (m.effective_to IS NULL OR m.effective_to > (SELECT app_today()))));

COMMENT ON TABLE initiatives IS 'Regional initiatives (initiatieven, regionale projecten).';
COMMENT ON COLUMN initiatives.code IS 'Short name, unique in the region.';
COMMENT ON COLUMN initiatives.title IS 'Title by which the initiative is known.';
COMMENT ON COLUMN initiatives.summary IS 'What it is about, in a few sentences.';
COMMENT ON COLUMN initiatives.region_id IS 'Region in which it plays, for ever.';
COMMENT ON COLUMN initiatives.lead_organisation_id IS 'Organisation that leads and applies (penvoerder); a consortium is no legal person.';
COMMENT ON COLUMN initiatives.funder_id IS 'Fund that it is proposed to.';
COMMENT ON COLUMN initiatives.partner_organisation_ids IS 'Partners of all times, kept by initiative_partners so that a policy needs no second table.';
COMMENT ON COLUMN initiatives.status IS 'State of the lifecycle; approved follows from an award.';
COMMENT ON COLUMN initiatives.starts_on IS 'First planned day.';
COMMENT ON COLUMN initiatives.ends_on IS 'Last planned day.';
COMMENT ON COLUMN initiatives.goals IS 'Goals (doelen), in order.';
COMMENT ON COLUMN initiatives.activities IS 'How the goals are reached (hoe), in order.';
COMMENT ON COLUMN initiatives.benefits IS 'What it brings (opbrengsten), in order.';
COMMENT ON COLUMN initiatives.professions IS 'Professions that it is for.';
COMMENT ON COLUMN initiatives.learning_paths IS 'Learning paths (leerwegen) that it is for.';
COMMENT ON COLUMN initiatives.policy_frameworks IS 'Policies and agreements that it rests on.';
COMMENT ON COLUMN initiatives.contact_text IS 'How to get in touch, in words.';
COMMENT ON COLUMN initiatives.contact_url IS 'Web address of the contact channel.';
COMMENT ON COLUMN initiatives.contact_email IS 'E-mail address of the contact channel, of a desk and not of a person.';
COMMENT ON COLUMN initiatives.contact_phone IS 'Telephone number of the contact channel.';
COMMENT ON COLUMN initiatives.published IS 'Whether the public catalogue shows it, once it is neither draft nor withdrawn.';
COMMENT ON COLUMN initiatives.copied_from_id IS 'Initiative whose goals and activities were copied.';
SELECT describe_shared_columns('initiatives');

SELECT create_transitions_table('initiatives', 'initiative',
    reader => initiative_reader_condition(),
    writer => initiative_writer_condition());

-- A part of an initiative carries (initiative_id, region_id) of its parent.
CREATE FUNCTION secure_initiative_part(part_table text, VARIADIC commands text[])
    RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    command text;
    clause text;
BEGIN
    PERFORM enforce_row_security(part_table);
    FOREACH command IN ARRAY commands LOOP
        clause := format('(EXISTS (SELECT FROM initiatives parent WHERE parent.id = %I.initiative_id AND (%s)))',
            part_table,
            CASE command WHEN 'SELECT' THEN initiative_reader_condition()
                ELSE initiative_writer_condition() END);
        EXECUTE format('CREATE POLICY %I ON %I FOR %s TO stagepunt_app %s %s',
            part_table || '_' || lower(command), part_table, command,
            CASE command WHEN 'INSERT' THEN 'WITH CHECK' ELSE 'USING' END, clause);
    END LOOP;
END
$$;
COMMENT ON FUNCTION secure_initiative_part(text, text[]) IS 'Gives a part of an initiative the policies of its parent for the named commands.';
