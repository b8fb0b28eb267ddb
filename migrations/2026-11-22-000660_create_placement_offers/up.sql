-- Seats that a host offers to interns. The region is that of the host's membership on the day of
-- entry, for ever. Schools see what is published, in their regions, and open to them.

CREATE FUNCTION is_week(days text[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN is_code_list(days, ARRAY['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']);
COMMENT ON FUNCTION is_week(text[]) IS 'Whether a list holds days of the week, each at most once.';

CREATE TABLE placement_offers (
    id uuid CONSTRAINT placement_offers_pkey PRIMARY KEY,
    practice_id uuid NOT NULL CONSTRAINT placement_offers_practice_id_fk REFERENCES organisations (id),
    region_id uuid NOT NULL CONSTRAINT placement_offers_region_id_fk REFERENCES regions (id),
    site_id uuid,
    qualification_id uuid NOT NULL
        CONSTRAINT placement_offers_qualification_id_fk REFERENCES qualifications (id),
    learning_paths text[] NOT NULL,
    study_years smallint[] NOT NULL DEFAULT '{}',
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    seats smallint NOT NULL CONSTRAINT placement_offers_seats_check CHECK (seats BETWEEN 1 AND 1000),
    days text[] NOT NULL DEFAULT '{}' CONSTRAINT placement_offers_days_check CHECK (is_week(days)),
    hours_per_week smallint
        CONSTRAINT placement_offers_hours_per_week_check CHECK (hours_per_week BETWEEN 1 AND 48),
    setting text NOT NULL
        CONSTRAINT placement_offers_setting_check CHECK (setting IN ('day-practice', 'out-of-hours-post')),
    conditions text CONSTRAINT placement_offers_conditions_check CHECK (char_length(conditions) BETWEEN 1 AND 2000),
    initiative_id uuid,
    reserved_school_ids uuid[] NOT NULL DEFAULT '{}',
    status text NOT NULL DEFAULT 'draft'
        CONSTRAINT placement_offers_status_check CHECK (status IN ('draft', 'published', 'closed', 'withdrawn')),
    version integer NOT NULL DEFAULT 1 CONSTRAINT placement_offers_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    updated_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT placement_offers_id_practice_id_key UNIQUE (id, practice_id),
    CONSTRAINT placement_offers_id_region_id_key UNIQUE (id, region_id),
    CONSTRAINT placement_offers_site_id_fk FOREIGN KEY (site_id, practice_id)
        REFERENCES organisation_sites (id, organisation_id),
    CONSTRAINT placement_offers_initiative_id_fk FOREIGN KEY (initiative_id, region_id)
        REFERENCES initiatives (id, region_id),
    CONSTRAINT placement_offers_ends_on_check CHECK (ends_on >= starts_on),
    CONSTRAINT placement_offers_learning_paths_check CHECK (
        cardinality(learning_paths) >= 1
        AND is_code_list(learning_paths, ARRAY['bol', 'bbl', 'third-path', 'full-time', 'part-time', 'dual'])),
    CONSTRAINT placement_offers_study_years_check CHECK (
        coalesce(array_ndims(study_years), 1) = 1
        AND cardinality(study_years) <= 6
        AND array_position(study_years, NULL) IS NULL
        AND study_years <@ ARRAY[1, 2, 3, 4, 5, 6]::smallint[]),
    CONSTRAINT placement_offers_reserved_school_ids_check CHECK (
        coalesce(array_ndims(reserved_school_ids), 1) = 1
        AND cardinality(reserved_school_ids) <= 50
        AND array_position(reserved_school_ids, NULL) IS NULL)
);

CREATE INDEX placement_offers_practice_id_idx ON placement_offers (practice_id, id);
CREATE INDEX placement_offers_region_id_idx ON placement_offers (region_id, id) INCLUDE (status);
CREATE INDEX placement_offers_initiative_id_idx ON placement_offers (initiative_id, id)
    WHERE initiative_id IS NOT NULL;
CREATE INDEX placement_offers_updated_tx_idx ON placement_offers (updated_tx, id);
CREATE INDEX placement_offers_region_id_updated_tx_idx ON placement_offers (region_id, updated_tx, id);
CREATE INDEX placement_offers_practice_id_updated_tx_idx ON placement_offers (practice_id, updated_tx, id);

CREATE FUNCTION bury_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.tombstones (collection, resource_id, organisation_id)
    SELECT DISTINCT 'placement-offers', OLD.id, m.organisation_id
    FROM public.memberships m
    JOIN public.organisations o ON o.id = m.organisation_id AND o.kinds @> ARRAY['school']
    WHERE m.region_id = OLD.region_id
        AND m.superseded_at IS NULL
        AND (cardinality(OLD.reserved_school_ids) = 0 OR m.organisation_id = ANY (OLD.reserved_school_ids))
        AND NOT (NEW.status = 'published'
            AND (cardinality(NEW.reserved_school_ids) = 0 OR m.organisation_id = ANY (NEW.reserved_school_ids)));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION bury_offer() IS 'Leaves a tombstone for every school that loses sight of an offer: it is no longer published, or reserved for others.';

CREATE TRIGGER stamp_feed BEFORE INSERT OR UPDATE ON placement_offers
    FOR EACH ROW EXECUTE FUNCTION stamp_feed();
CREATE TRIGGER bury_offer AFTER UPDATE OF status, reserved_school_ids ON placement_offers
    FOR EACH ROW WHEN (OLD.status = 'published') EXECUTE FUNCTION bury_offer();

GRANT SELECT, INSERT ON placement_offers TO stagepunt_app;
GRANT UPDATE (site_id, qualification_id, learning_paths, study_years, starts_on, ends_on, seats, days,
    hours_per_week, setting, conditions, initiative_id, reserved_school_ids, status, version)
    ON placement_offers TO stagepunt_app;

SELECT enforce_row_security('placement_offers');

CREATE POLICY placement_offers_select ON placement_offers FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            WHEN 'school' THEN region_id = ANY ((SELECT app_regions())::uuid[])
                AND status = 'published'
                AND (cardinality(reserved_school_ids) = 0
                    OR (SELECT app_organisation()) = ANY (reserved_school_ids))
            ELSE false END);

-- A membership that has ended stops new work.
CREATE POLICY placement_offers_insert ON placement_offers FOR INSERT TO stagepunt_app
    WITH CHECK (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
                AND practice_id = ANY ((SELECT app_mandated('offers'))::uuid[])
            ELSE false END
        AND EXISTS (
            SELECT FROM memberships m
            WHERE m.organisation_id = practice_id
                AND m.region_id = placement_offers.region_id
                AND m.host_kind IS NOT NULL
                AND m.superseded_at IS NULL
                AND (m.effective_to IS NULL OR m.effective_to > (SELECT app_today()))));

CREATE POLICY placement_offers_update ON placement_offers FOR UPDATE TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
                AND practice_id = ANY ((SELECT app_mandated('offers'))::uuid[])
            ELSE false END);

-- For the list of allowed transitions in an answer.
CREATE FUNCTION writes_offer(practice_id uuid, region_id uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(CASE app_role()
        WHEN 'practice' THEN practice_id = app_organisation()
        WHEN 'region' THEN region_id = ANY (app_regions()) AND practice_id = ANY (app_mandated('offers')) END, false);
COMMENT ON FUNCTION writes_offer(uuid, uuid) IS 'Whether the caller is the practice that makes an offer, or the bureau of the region under its mandate.';

COMMENT ON TABLE placement_offers IS 'Seats for interns that hosts offer (stageplaatsen, aanbod).';
COMMENT ON COLUMN placement_offers.practice_id IS 'Host that offers them.';
COMMENT ON COLUMN placement_offers.region_id IS 'Region of the host on the day of entry, for ever.';
COMMENT ON COLUMN placement_offers.site_id IS 'Site of the host where the work is; null where that is open.';
COMMENT ON COLUMN placement_offers.qualification_id IS 'Qualification that an intern is in training for.';
COMMENT ON COLUMN placement_offers.learning_paths IS 'Learning paths (leerwegen) that an intern may follow.';
COMMENT ON COLUMN placement_offers.study_years IS 'Study years (leerjaren) that an intern may be in; empty for any.';
COMMENT ON COLUMN placement_offers.starts_on IS 'First day of the period.';
COMMENT ON COLUMN placement_offers.ends_on IS 'Last day of the period.';
COMMENT ON COLUMN placement_offers.seats IS 'Seats that are offered now; what was offered when stands in placement_offer_seats.';
COMMENT ON COLUMN placement_offers.days IS 'Days of the week on which an intern works; empty where that is open.';
COMMENT ON COLUMN placement_offers.hours_per_week IS 'Hours that an intern works in a week; null where that is open.';
COMMENT ON COLUMN placement_offers.setting IS 'Day practice or out-of-hours post.';
COMMENT ON COLUMN placement_offers.conditions IS 'What the host asks of an intern, in words.';
COMMENT ON COLUMN placement_offers.initiative_id IS 'Initiative of the region that its placements count for.';
COMMENT ON COLUMN placement_offers.reserved_school_ids IS 'Schools that the seats are reserved for; empty when they are open to all.';
COMMENT ON COLUMN placement_offers.status IS 'State of the lifecycle.';
SELECT describe_shared_columns('placement_offers');

SELECT create_transitions_table('placement_offers', 'placement_offer',
    reader => 'true',
    writer => $$
        CASE (SELECT app_role())
            WHEN 'practice' THEN parent.practice_id = (SELECT app_organisation())
            WHEN 'region' THEN parent.region_id = ANY ((SELECT app_regions())::uuid[])
                AND parent.practice_id = ANY ((SELECT app_mandated('offers'))::uuid[])
            ELSE false END$$);
