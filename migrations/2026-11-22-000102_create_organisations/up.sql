-- Tenants, and at the same time the directory of the field.

CREATE TABLE organisations (
    id uuid CONSTRAINT organisations_pkey PRIMARY KEY,
    name text NOT NULL CONSTRAINT organisations_name_check CHECK (char_length(name) BETWEEN 1 AND 200),
    kinds text[] NOT NULL,
    kvk_number text CONSTRAINT organisations_kvk_number_check CHECK (kvk_number ~ '^[0-9]{8}$'),
    agb_code text CONSTRAINT organisations_agb_code_check CHECK (agb_code ~ '^[0-9]{8}$'),
    leerbedrijf_id text
        CONSTRAINT organisations_leerbedrijf_id_check CHECK (char_length(leerbedrijf_id) BETWEEN 1 AND 64),
    education_offerer_code text
        CONSTRAINT organisations_education_offerer_code_check
            CHECK (education_offerer_code ~ '^[0-9]{3}A[0-9]{3}$'),
    street text CONSTRAINT organisations_street_check CHECK (char_length(street) BETWEEN 1 AND 200),
    house_number text
        CONSTRAINT organisations_house_number_check CHECK (char_length(house_number) BETWEEN 1 AND 20),
    postcode text CONSTRAINT organisations_postcode_check CHECK (postcode ~ '^[1-9][0-9]{3}[A-Z]{2}$'),
    place text CONSTRAINT organisations_place_check CHECK (char_length(place) BETWEEN 1 AND 100),
    phone text CONSTRAINT organisations_phone_check CHECK (is_phone(phone)),
    active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1 CONSTRAINT organisations_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    updated_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT organisations_kinds_check CHECK (
        cardinality(kinds) >= 1
        AND is_code_list(kinds, ARRAY['practice', 'health-centre', 'out-of-hours-post', 'care-group',
            'school', 'funder', 'gp-association', 'employers-association', 'support-organisation',
            'welfare-organisation', 'training-provider', 'staffing-pool', 'sector-body']))
);

CREATE INDEX organisations_name_idx ON organisations (name, id);
CREATE INDEX organisations_kvk_number_idx ON organisations (kvk_number) WHERE kvk_number IS NOT NULL;
CREATE INDEX organisations_updated_tx_idx ON organisations (updated_tx, id);

CREATE TRIGGER stamp_feed BEFORE INSERT OR UPDATE ON organisations
    FOR EACH ROW EXECUTE FUNCTION stamp_feed();

GRANT SELECT, INSERT ON organisations TO stagepunt_app;
GRANT UPDATE (name, kinds, kvk_number, agb_code, leerbedrijf_id, education_offerer_code, street,
    house_number, postcode, place, phone, active, version) ON organisations TO stagepunt_app;

SELECT enforce_row_security('organisations');

CREATE POLICY organisations_select ON organisations FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_actor_kind())
            WHEN 'client' THEN true
            WHEN 'job' THEN (SELECT app_job()) IN ('sign-in', 'manage-clients')
            ELSE false END);

CREATE POLICY organisations_insert ON organisations FOR INSERT TO stagepunt_app
    WITH CHECK (
        (SELECT app_role()) IN ('platform', 'region')
        OR (SELECT app_job()) = 'manage-clients');

CREATE POLICY organisations_update ON organisations FOR UPDATE TO stagepunt_app
    USING (
        (SELECT app_role()) = 'platform'
        OR id = (SELECT app_organisation()));

COMMENT ON TABLE organisations IS 'Organisations of the field: tenants and directory in one.';
COMMENT ON COLUMN organisations.name IS 'Name by which the organisation is known.';
COMMENT ON COLUMN organisations.kinds IS 'What the organisation is; one may be several things.';
COMMENT ON COLUMN organisations.kvk_number IS 'Number of eight digits in the trade register (KVK-nummer).';
COMMENT ON COLUMN organisations.agb_code IS 'Code of eight digits in the register of care providers (AGB-code).';
COMMENT ON COLUMN organisations.leerbedrijf_id IS 'Identifier of the recognised training company (leerbedrijf-ID), an opaque text.';
COMMENT ON COLUMN organisations.education_offerer_code IS 'Code of a school as education offerer in RIO (onderwijsaanbiedercode).';
COMMENT ON COLUMN organisations.street IS 'Street of the visiting address.';
COMMENT ON COLUMN organisations.house_number IS 'House number with its additions.';
COMMENT ON COLUMN organisations.postcode IS 'Postcode without a blank, as in 5038EA.';
COMMENT ON COLUMN organisations.place IS 'Place of the visiting address.';
COMMENT ON COLUMN organisations.phone IS 'General telephone number.';
COMMENT ON COLUMN organisations.active IS 'False once the organisation no longer takes part.';
SELECT describe_shared_columns('organisations');
