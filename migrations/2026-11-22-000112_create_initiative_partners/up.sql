-- Who works along in an initiative, in which role.

CREATE TABLE initiative_partners (
    id uuid CONSTRAINT initiative_partners_pkey PRIMARY KEY,
    initiative_id uuid NOT NULL,
    region_id uuid NOT NULL,
    organisation_id uuid NOT NULL
        CONSTRAINT initiative_partners_organisation_id_fk REFERENCES organisations (id),
    role text NOT NULL
        CONSTRAINT initiative_partners_role_check
            CHECK (role IN ('partner', 'project-management', 'education', 'employers', 'gp-association', 'host',
                'training', 'funding', 'advisor')),
    effective_from date NOT NULL,
    effective_to date,
    version integer NOT NULL DEFAULT 1 CONSTRAINT initiative_partners_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT initiative_partners_initiative_id_fk FOREIGN KEY (initiative_id, region_id)
        REFERENCES initiatives (id, region_id),
    CONSTRAINT initiative_partners_effective_to_check CHECK (effective_to > effective_from),
    CONSTRAINT initiative_partners_initiative_id_organisation_id_role_excl EXCLUDE USING gist (
        (initiative_id::text || organisation_id::text || role) WITH =,
        daterange(effective_from, effective_to) WITH &&)
);

CREATE INDEX initiative_partners_initiative_id_idx ON initiative_partners (initiative_id, id);
CREATE INDEX initiative_partners_organisation_id_idx ON initiative_partners (organisation_id, initiative_id);

CREATE FUNCTION gather_partners() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parent_id uuid := coalesce(NEW.initiative_id, OLD.initiative_id);
BEGIN
    -- The lock comes first: two partners added at the same moment both end up in the list.
    PERFORM FROM public.initiatives i WHERE i.id = parent_id FOR NO KEY UPDATE;
    UPDATE public.initiatives i
    SET partner_organisation_ids = ARRAY(
        SELECT DISTINCT p.organisation_id FROM public.initiative_partners p
        WHERE p.initiative_id = parent_id ORDER BY p.organisation_id)
    WHERE i.id = parent_id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION gather_partners() IS 'Keeps initiatives.partner_organisation_ids, and so brings a change of partners into the feed.';

CREATE TRIGGER stamp_update BEFORE UPDATE ON initiative_partners
    FOR EACH ROW EXECUTE FUNCTION stamp_update();
CREATE TRIGGER gather_partners AFTER INSERT OR UPDATE OR DELETE ON initiative_partners
    FOR EACH ROW EXECUTE FUNCTION gather_partners();

GRANT SELECT, INSERT, DELETE, UPDATE (role, effective_from, effective_to, version)
    ON initiative_partners TO stagepunt_app;

SELECT secure_initiative_part('initiative_partners', 'SELECT', 'INSERT', 'UPDATE', 'DELETE');

-- The public catalogue names the partners.
ALTER POLICY initiative_partners_select ON initiative_partners
    USING (EXISTS (SELECT FROM initiatives parent WHERE parent.id = initiative_partners.initiative_id));

COMMENT ON TABLE initiative_partners IS 'Partners (samenwerkingspartners) of an initiative with their roles and dates.';
COMMENT ON COLUMN initiative_partners.initiative_id IS 'Initiative that the organisation works along in.';
COMMENT ON COLUMN initiative_partners.region_id IS 'Region of the initiative.';
COMMENT ON COLUMN initiative_partners.organisation_id IS 'Organisation that works along; it sees the initiative, also after its end date.';
COMMENT ON COLUMN initiative_partners.role IS 'What the organisation does in it.';
COMMENT ON COLUMN initiative_partners.effective_from IS 'First day of the partnership.';
COMMENT ON COLUMN initiative_partners.effective_to IS 'Day from which it is no partner any more; null while open.';
SELECT describe_shared_columns('initiative_partners');
