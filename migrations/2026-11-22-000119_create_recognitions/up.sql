-- Recognitions as a training company (erkend leerbedrijf), for each qualification.

CREATE TABLE recognitions (
    id uuid CONSTRAINT recognitions_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT recognitions_organisation_id_fk REFERENCES organisations (id),
    site_id uuid,
    qualification_id uuid NOT NULL CONSTRAINT recognitions_qualification_id_fk REFERENCES qualifications (id),
    valid_from date NOT NULL,
    review_by date,
    withdrawn_on date,
    source text NOT NULL CONSTRAINT recognitions_source_check CHECK (char_length(source) BETWEEN 1 AND 200),
    checked_on date NOT NULL,
    version integer NOT NULL DEFAULT 1 CONSTRAINT recognitions_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT recognitions_site_id_fk FOREIGN KEY (site_id, organisation_id)
        REFERENCES organisation_sites (id, organisation_id),
    CONSTRAINT recognitions_organisation_id_site_id_qualification_id_key
        UNIQUE NULLS NOT DISTINCT (organisation_id, site_id, qualification_id, valid_from),
    CONSTRAINT recognitions_review_by_check CHECK (review_by > valid_from),
    CONSTRAINT recognitions_withdrawn_on_check CHECK (withdrawn_on >= valid_from)
);

CREATE INDEX recognitions_organisation_id_idx ON recognitions (organisation_id, id);

CREATE TRIGGER stamp_update BEFORE UPDATE ON recognitions FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, UPDATE (valid_from, review_by, withdrawn_on, source, checked_on, version)
    ON recognitions TO stagepunt_app;

SELECT enforce_row_security('recognitions');

CREATE POLICY recognitions_select ON recognitions FOR SELECT TO stagepunt_app
    USING ((SELECT app_actor_kind()) = 'client');

CREATE POLICY recognitions_insert ON recognitions FOR INSERT TO stagepunt_app
    WITH CHECK (
        (SELECT app_role()) = 'platform'
        OR (SELECT app_role()) = 'region' AND is_member_of_own_region(organisation_id));

CREATE POLICY recognitions_update ON recognitions FOR UPDATE TO stagepunt_app
    USING (
        (SELECT app_role()) = 'platform'
        OR (SELECT app_role()) = 'region' AND is_member_of_own_region(organisation_id));

COMMENT ON TABLE recognitions IS 'Recognitions (erkenningen) of organisations as training companies.';
COMMENT ON COLUMN recognitions.organisation_id IS 'Organisation that is recognised.';
COMMENT ON COLUMN recognitions.site_id IS 'Site that is recognised; null for the whole organisation.';
COMMENT ON COLUMN recognitions.qualification_id IS 'Qualification that it is recognised for.';
COMMENT ON COLUMN recognitions.valid_from IS 'First day on which the recognition holds.';
COMMENT ON COLUMN recognitions.review_by IS 'Day by which it is due for review, usually after four years.';
COMMENT ON COLUMN recognitions.withdrawn_on IS 'Day from which it no longer holds; null while it stands.';
COMMENT ON COLUMN recognitions.source IS 'Where it was looked up, such as the register of the SBB.';
COMMENT ON COLUMN recognitions.checked_on IS 'Day on which it was last looked up.';
SELECT describe_shared_columns('recognitions');
