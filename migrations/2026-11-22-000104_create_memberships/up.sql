-- Which organisation belongs to which region from when till when: the denominator of every ratio.

CREATE TABLE memberships (
    row_id uuid CONSTRAINT memberships_pkey PRIMARY KEY,
    id uuid NOT NULL,
    version integer NOT NULL,
    region_id uuid NOT NULL CONSTRAINT memberships_region_id_fk REFERENCES regions (id),
    organisation_id uuid NOT NULL CONSTRAINT memberships_organisation_id_fk REFERENCES organisations (id),
    host_kind text
        CONSTRAINT memberships_host_kind_check
            CHECK (host_kind IN ('practice', 'health-centre', 'out-of-hours-post')),
    effective_from date NOT NULL,
    effective_to date,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    superseded_at timestamptz,
    superseded_tx xid8,
    CONSTRAINT memberships_region_id_organisation_id_excl EXCLUDE USING gist (
        (region_id::text || organisation_id::text) WITH =, daterange(effective_from, effective_to) WITH &&)
        WHERE (superseded_at IS NULL)
);

SELECT make_fact_table('memberships');

CREATE INDEX memberships_region_id_idx ON memberships (region_id, id) WHERE superseded_at IS NULL;
CREATE INDEX memberships_organisation_id_idx
    ON memberships (organisation_id, region_id) INCLUDE (effective_from, effective_to)
    WHERE superseded_at IS NULL;

CREATE POLICY memberships_select ON memberships FOR SELECT TO stagepunt_app
    USING (
        (SELECT app_actor_kind()) = 'client'
        OR (SELECT app_job()) = 'sign-in');

CREATE POLICY memberships_insert ON memberships FOR INSERT TO stagepunt_app
    WITH CHECK ((SELECT app_role()) = 'region' AND region_id = ANY ((SELECT app_regions())::uuid[]));

CREATE POLICY memberships_update ON memberships FOR UPDATE TO stagepunt_app
    USING ((SELECT app_role()) = 'region' AND region_id = ANY ((SELECT app_regions())::uuid[]));

COMMENT ON TABLE memberships IS 'Dated memberships of organisations in regions.';
COMMENT ON COLUMN memberships.region_id IS 'Region that the organisation belongs to.';
COMMENT ON COLUMN memberships.organisation_id IS 'Organisation that belongs to it.';
COMMENT ON COLUMN memberships.host_kind IS 'As what the organisation hosts interns; null when it is no host.';

-- Reads memberships under the caller's own policies; only write policies use it.
CREATE FUNCTION is_member_of_own_region(organisation uuid) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (
        SELECT FROM memberships m
        WHERE m.organisation_id = organisation
            AND m.region_id = ANY ((SELECT app_regions())::uuid[])
            AND m.superseded_at IS NULL
            AND (m.effective_to IS NULL OR m.effective_to > (SELECT app_today())));
COMMENT ON FUNCTION is_member_of_own_region(uuid) IS 'Whether an organisation has an unended membership in a region of the caller.';

ALTER POLICY organisations_update ON organisations
    USING (
        (SELECT app_role()) = 'platform'
        OR id = (SELECT app_organisation())
        -- A bureau mends the entries of hosts, never those of a school or a fund that works along.
        OR (SELECT app_role()) = 'region'
            AND kinds && ARRAY['practice', 'health-centre', 'out-of-hours-post']
            AND is_member_of_own_region(id));
