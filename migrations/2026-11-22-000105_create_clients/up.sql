-- API clients: who may ask for tokens.

CREATE TABLE clients (
    id uuid CONSTRAINT clients_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT clients_organisation_id_fk REFERENCES organisations (id),
    role text NOT NULL
        CONSTRAINT clients_role_check CHECK (role IN ('practice', 'school', 'region', 'funder', 'platform')),
    name text NOT NULL CONSTRAINT clients_name_check CHECK (char_length(name) BETWEEN 1 AND 200),
    scopes text[] NOT NULL CONSTRAINT clients_scopes_check CHECK (is_text_list(scopes, 200, 64)),
    person_ref text CONSTRAINT clients_person_ref_check CHECK (char_length(person_ref) BETWEEN 1 AND 200),
    revoked_at timestamptz,
    version integer NOT NULL DEFAULT 1 CONSTRAINT clients_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT clients_id_organisation_id_key UNIQUE (id, organisation_id)
);

CREATE INDEX clients_organisation_id_idx ON clients (organisation_id, id);

CREATE FUNCTION guard_client() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at THEN
        RAISE EXCEPTION 'a revoked client stays revoked'
            USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                CONSTRAINT = 'clients_revoked_at_check';
    END IF;
    IF NOT NEW.scopes <@ OLD.scopes
        AND app_role() IS DISTINCT FROM 'platform' AND app_job() IS DISTINCT FROM 'manage-clients' THEN
        RAISE EXCEPTION 'only the platform widens the scopes of a client'
            USING ERRCODE = 'insufficient_privilege', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_client() IS 'Keeps a revoked client revoked, and an organisation from widening its own scopes.';

CREATE TRIGGER guard_client BEFORE UPDATE ON clients FOR EACH ROW EXECUTE FUNCTION guard_client();
CREATE TRIGGER stamp_update BEFORE UPDATE ON clients FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, UPDATE (name, scopes, person_ref, revoked_at, version) ON clients TO stagepunt_app;

SELECT enforce_row_security('clients');

CREATE POLICY clients_select ON clients FOR SELECT TO stagepunt_app
    USING (
        (SELECT app_role()) = 'platform'
        OR organisation_id = (SELECT app_organisation())
        OR (SELECT app_job()) IN ('sign-in', 'manage-clients'));

CREATE POLICY clients_insert ON clients FOR INSERT TO stagepunt_app
    WITH CHECK (
        (SELECT app_role()) = 'platform'
        OR (SELECT app_job()) = 'manage-clients');

CREATE POLICY clients_update ON clients FOR UPDATE TO stagepunt_app
    USING (
        (SELECT app_role()) = 'platform'
        OR organisation_id = (SELECT app_organisation())
        OR (SELECT app_job()) = 'manage-clients');

COMMENT ON TABLE clients IS 'API clients; each has one role and belongs to one organisation.';
COMMENT ON COLUMN clients.organisation_id IS 'Organisation that the client acts for.';
COMMENT ON COLUMN clients.role IS 'The one role of the client, fixed at its creation.';
COMMENT ON COLUMN clients.name IS 'Name by which its organisation recognises the client.';
COMMENT ON COLUMN clients.scopes IS 'Scopes granted to the client, as resource:action; a token gets no others.';
COMMENT ON COLUMN clients.person_ref IS 'Reference to the person behind the client, set by its organisation; approvals need two different persons.';
COMMENT ON COLUMN clients.revoked_at IS 'Moment the client was revoked, for ever; null while it works.';
SELECT describe_shared_columns('clients');
