-- The one fixed contact person at the bureau for a practice or a school.

CREATE TABLE contact_assignments (
    row_id uuid CONSTRAINT contact_assignments_pkey PRIMARY KEY,
    id uuid NOT NULL,
    version integer NOT NULL,
    region_id uuid NOT NULL CONSTRAINT contact_assignments_region_id_fk REFERENCES regions (id),
    organisation_id uuid NOT NULL
        CONSTRAINT contact_assignments_organisation_id_fk REFERENCES organisations (id),
    contact_name text NOT NULL
        CONSTRAINT contact_assignments_contact_name_check CHECK (char_length(contact_name) BETWEEN 1 AND 200),
    contact_email text CONSTRAINT contact_assignments_contact_email_check CHECK (is_email(contact_email)),
    contact_phone text CONSTRAINT contact_assignments_contact_phone_check CHECK (is_phone(contact_phone)),
    effective_from date NOT NULL,
    effective_to date,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    superseded_at timestamptz,
    superseded_tx xid8,
    CONSTRAINT contact_assignments_region_id_organisation_id_excl EXCLUDE USING gist (
        (region_id::text || organisation_id::text) WITH =, daterange(effective_from, effective_to) WITH &&)
        WHERE (superseded_at IS NULL)
);

SELECT make_fact_table('contact_assignments');

CREATE INDEX contact_assignments_region_id_idx ON contact_assignments (region_id, id)
    WHERE superseded_at IS NULL;
CREATE INDEX contact_assignments_organisation_id_idx ON contact_assignments (organisation_id, id)
    WHERE superseded_at IS NULL;

CREATE POLICY contact_assignments_select ON contact_assignments FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            WHEN 'practice' THEN organisation_id = (SELECT app_organisation())
            WHEN 'school' THEN organisation_id = (SELECT app_organisation())
            ELSE false END);

CREATE POLICY contact_assignments_insert ON contact_assignments FOR INSERT TO stagepunt_app
    WITH CHECK ((SELECT app_role()) = 'region' AND region_id = ANY ((SELECT app_regions())::uuid[]));

CREATE POLICY contact_assignments_update ON contact_assignments FOR UPDATE TO stagepunt_app
    USING ((SELECT app_role()) = 'region' AND region_id = ANY ((SELECT app_regions())::uuid[]));

COMMENT ON TABLE contact_assignments IS 'Fixed contact persons (vaste contactpersonen) at the bureau for practices and schools.';
COMMENT ON COLUMN contact_assignments.region_id IS 'Region whose bureau names the person.';
COMMENT ON COLUMN contact_assignments.organisation_id IS 'Practice or school that the person is there for.';
COMMENT ON COLUMN contact_assignments.contact_name IS 'Name of the person at the bureau.';
COMMENT ON COLUMN contact_assignments.contact_email IS 'E-mail address at the bureau.';
COMMENT ON COLUMN contact_assignments.contact_phone IS 'Telephone number at the bureau.';
