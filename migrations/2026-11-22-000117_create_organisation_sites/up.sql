-- Places of work of an organisation; recognition as a training company goes by site.

CREATE TABLE organisation_sites (
    id uuid CONSTRAINT organisation_sites_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL
        CONSTRAINT organisation_sites_organisation_id_fk REFERENCES organisations (id),
    name text NOT NULL CONSTRAINT organisation_sites_name_check CHECK (char_length(name) BETWEEN 1 AND 200),
    setting text NOT NULL
        CONSTRAINT organisation_sites_setting_check
            CHECK (setting IN ('day-practice', 'out-of-hours-post', 'school', 'office')),
    street text CONSTRAINT organisation_sites_street_check CHECK (char_length(street) BETWEEN 1 AND 200),
    house_number text
        CONSTRAINT organisation_sites_house_number_check CHECK (char_length(house_number) BETWEEN 1 AND 20),
    postcode text CONSTRAINT organisation_sites_postcode_check CHECK (postcode ~ '^[1-9][0-9]{3}[A-Z]{2}$'),
    place text CONSTRAINT organisation_sites_place_check CHECK (char_length(place) BETWEEN 1 AND 100),
    leerbedrijf_id text
        CONSTRAINT organisation_sites_leerbedrijf_id_check CHECK (char_length(leerbedrijf_id) BETWEEN 1 AND 64),
    version integer NOT NULL DEFAULT 1 CONSTRAINT organisation_sites_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT organisation_sites_organisation_id_name_key UNIQUE (organisation_id, name),
    CONSTRAINT organisation_sites_id_organisation_id_key UNIQUE (id, organisation_id)
);

CREATE INDEX organisation_sites_organisation_id_idx ON organisation_sites (organisation_id, id);

CREATE TRIGGER stamp_update BEFORE UPDATE ON organisation_sites
    FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, DELETE, UPDATE (name, setting, street, house_number, postcode, place, leerbedrijf_id, version)
    ON organisation_sites TO stagepunt_app;

SELECT enforce_row_security('organisation_sites');

CREATE POLICY organisation_sites_select ON organisation_sites FOR SELECT TO stagepunt_app
    USING ((SELECT app_actor_kind()) = 'client');

CREATE POLICY organisation_sites_insert ON organisation_sites FOR INSERT TO stagepunt_app
    WITH CHECK (
        (SELECT app_role()) = 'platform'
        OR organisation_id = (SELECT app_organisation())
        OR (SELECT app_role()) = 'region' AND is_member_of_own_region(organisation_id));

CREATE POLICY organisation_sites_update ON organisation_sites FOR UPDATE TO stagepunt_app
    USING (
        (SELECT app_role()) = 'platform'
        OR organisation_id = (SELECT app_organisation())
        OR (SELECT app_role()) = 'region' AND is_member_of_own_region(organisation_id));

CREATE POLICY organisation_sites_delete ON organisation_sites FOR DELETE TO stagepunt_app
    USING (
        (SELECT app_role()) = 'platform'
        OR organisation_id = (SELECT app_organisation())
        OR (SELECT app_role()) = 'region' AND is_member_of_own_region(organisation_id));

COMMENT ON TABLE organisation_sites IS 'Sites (vestigingen) of organisations.';
COMMENT ON COLUMN organisation_sites.organisation_id IS 'Organisation that works there.';
COMMENT ON COLUMN organisation_sites.name IS 'Name of the site, unique in the organisation.';
COMMENT ON COLUMN organisation_sites.setting IS 'What kind of place it is: day-practice, out-of-hours-post, school or office.';
COMMENT ON COLUMN organisation_sites.street IS 'Street of the visiting address.';
COMMENT ON COLUMN organisation_sites.house_number IS 'House number with its additions.';
COMMENT ON COLUMN organisation_sites.postcode IS 'Postcode without a blank, as in 5038EA.';
COMMENT ON COLUMN organisation_sites.place IS 'Place of the visiting address.';
COMMENT ON COLUMN organisation_sites.leerbedrijf_id IS 'Identifier of the site as a recognised training company (leerbedrijf-ID), an opaque text.';
SELECT describe_shared_columns('organisation_sites');
