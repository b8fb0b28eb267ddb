-- What school, student and host agree in writing (praktijkovereenkomst, POK): an agreement, its
-- sheets (bpv-bladen) and who signed which of them how.

CREATE TABLE agreements (
    id uuid CONSTRAINT agreements_pkey PRIMARY KEY,
    placement_id uuid NOT NULL,
    region_id uuid NOT NULL,
    school_id uuid NOT NULL,
    practice_id uuid NOT NULL,
    student_asked_at timestamptz,
    ended_on date,
    version integer NOT NULL DEFAULT 1 CONSTRAINT agreements_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT agreements_id_region_id_school_id_practice_id_key UNIQUE (id, region_id, school_id, practice_id),
    CONSTRAINT agreements_placement_id_fk FOREIGN KEY (placement_id, region_id, school_id, practice_id)
        REFERENCES placements (id, region_id, school_id, practice_id)
);

CREATE UNIQUE INDEX agreements_placement_id_key ON agreements (placement_id) WHERE ended_on IS NULL;
CREATE INDEX agreements_placement_id_idx ON agreements (placement_id, id);

CREATE TRIGGER stamp_update BEFORE UPDATE ON agreements FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, UPDATE (student_asked_at, ended_on, version) ON agreements TO stagepunt_app;

SELECT enforce_row_security('agreements');

CREATE POLICY agreements_select ON agreements FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE id = (SELECT app_linked('agreement')) END);

CREATE POLICY agreements_insert ON agreements FOR INSERT TO stagepunt_app
    WITH CHECK (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END);

-- The host only ends it, by a step of its own that ends the placement.
CREATE POLICY agreements_update ON agreements FOR UPDATE TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation()) AND pg_trigger_depth() > 0
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE false END);

CREATE TABLE agreement_sheets (
    agreement_id uuid NOT NULL,
    number smallint NOT NULL CONSTRAINT agreement_sheets_number_check CHECK (number >= 1),
    region_id uuid NOT NULL,
    school_id uuid NOT NULL,
    practice_id uuid NOT NULL,
    qualification_id uuid NOT NULL CONSTRAINT agreement_sheets_qualification_id_fk REFERENCES qualifications (id),
    learning_path text NOT NULL CONSTRAINT agreement_sheets_learning_path_check CHECK (
        learning_path IN ('bol', 'bbl', 'third-path', 'full-time', 'part-time', 'dual')),
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    hours_per_week smallint
        CONSTRAINT agreement_sheets_hours_per_week_check CHECK (hours_per_week BETWEEN 1 AND 48),
    total_hours integer
        CONSTRAINT agreement_sheets_total_hours_check CHECK (total_hours BETWEEN 1 AND 5000),
    leerbedrijf_id text
        CONSTRAINT agreement_sheets_leerbedrijf_id_check CHECK (char_length(leerbedrijf_id) BETWEEN 1 AND 64),
    school_supervisor text
        CONSTRAINT agreement_sheets_school_supervisor_check CHECK (char_length(school_supervisor) BETWEEN 1 AND 200),
    needs_signatures boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT agreement_sheets_pkey PRIMARY KEY (agreement_id, number),
    CONSTRAINT agreement_sheets_agreement_id_fk FOREIGN KEY (agreement_id, region_id, school_id, practice_id)
        REFERENCES agreements (id, region_id, school_id, practice_id),
    CONSTRAINT agreement_sheets_ends_on_check CHECK (ends_on >= starts_on),
    CONSTRAINT agreement_sheets_needs_signatures_check CHECK (needs_signatures OR number > 1)
);

GRANT SELECT, INSERT ON agreement_sheets TO stagepunt_app;

SELECT enforce_row_security('agreement_sheets');

CREATE POLICY agreement_sheets_select ON agreement_sheets FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE agreement_id = (SELECT app_linked('agreement')) END);

-- A bureau makes the first sheet; what is amended after that is the school's.
CREATE POLICY agreement_sheets_insert ON agreement_sheets FOR INSERT TO stagepunt_app
    WITH CHECK (
        CASE (SELECT app_role())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[]) AND number = 1
            ELSE false END);

CREATE TABLE agreement_signatures (
    id uuid CONSTRAINT agreement_signatures_pkey PRIMARY KEY,
    agreement_id uuid NOT NULL,
    sheet_number smallint NOT NULL,
    region_id uuid NOT NULL,
    school_id uuid NOT NULL,
    practice_id uuid NOT NULL,
    party text NOT NULL
        CONSTRAINT agreement_signatures_party_check CHECK (party IN ('student', 'school', 'practice')),
    method text NOT NULL CONSTRAINT agreement_signatures_method_check CHECK (
        method IN ('link', 'paper', 'digid', 'e-signature', 'other')),
    signed_on date NOT NULL,
    evidence_kind text
        CONSTRAINT agreement_signatures_evidence_kind_check CHECK (evidence_kind IN (
            'signed-form', 'contract', 'letter', 'e-mail', 'other')),
    evidence_reference text CONSTRAINT agreement_signatures_evidence_reference_check CHECK (
        char_length(evidence_reference) BETWEEN 1 AND 200),
    evidence_sha256 text
        CONSTRAINT agreement_signatures_evidence_sha256_check CHECK (evidence_sha256 ~ '^[0-9a-f]{64}$'),
    client_id uuid CONSTRAINT agreement_signatures_client_id_fk REFERENCES clients (id),
    organisation_id uuid NOT NULL CONSTRAINT agreement_signatures_organisation_id_fk REFERENCES organisations (id),
    on_behalf_of uuid,
    mandate_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT agreement_signatures_agreement_id_sheet_number_party_key UNIQUE (agreement_id, sheet_number, party),
    CONSTRAINT agreement_signatures_sheet_number_fk FOREIGN KEY (agreement_id, sheet_number)
        REFERENCES agreement_sheets (agreement_id, number),
    CONSTRAINT agreement_signatures_agreement_id_fk FOREIGN KEY (agreement_id, region_id, school_id, practice_id)
        REFERENCES agreements (id, region_id, school_id, practice_id),
    CONSTRAINT agreement_signatures_mandate_id_fk FOREIGN KEY (mandate_id, on_behalf_of)
        REFERENCES mandates (id, practice_id),
    CONSTRAINT agreement_signatures_on_behalf_of_check CHECK (
        num_nonnulls(on_behalf_of, mandate_id) = 0
        OR num_nonnulls(on_behalf_of, mandate_id) = 2 AND on_behalf_of = practice_id AND party = 'practice'),
    CONSTRAINT agreement_signatures_method_client_id_check CHECK (
        (method = 'link') = (client_id IS NULL) AND (method <> 'link' OR party = 'student')),
    CONSTRAINT agreement_signatures_evidence_check CHECK (
        (evidence_kind IS NULL) = (evidence_reference IS NULL)
        AND (evidence_kind IS NOT NULL OR evidence_sha256 IS NULL AND method <> 'paper'))
);

GRANT SELECT, INSERT ON agreement_signatures TO stagepunt_app;

SELECT enforce_row_security('agreement_signatures');

CREATE POLICY agreement_signatures_select ON agreement_signatures FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'school' THEN school_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            ELSE agreement_id = (SELECT app_linked('agreement')) END);

-- Each side signs for itself; a bureau for the host that mandated it; a student by a link, or on a
-- paper that the school keeps.
CREATE POLICY agreement_signatures_insert ON agreement_signatures FOR INSERT TO stagepunt_app
    WITH CHECK (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation()) AND party = 'practice'
                AND organisation_id = (SELECT app_organisation()) AND on_behalf_of IS NULL AND method <> 'link'
            WHEN 'school' THEN school_id = (SELECT app_organisation()) AND party IN ('school', 'student')
                AND organisation_id = (SELECT app_organisation()) AND on_behalf_of IS NULL AND method <> 'link'
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[]) AND party = 'practice'
                AND practice_id = ANY ((SELECT app_mandated('agreements'))::uuid[])
                AND organisation_id = (SELECT app_organisation()) AND on_behalf_of IS NOT NULL AND method <> 'link'
            ELSE agreement_id = (SELECT app_linked('agreement')) AND party = 'student' AND method = 'link' END);

-- What a link opens names the organisations that it is about.
ALTER POLICY organisations_select ON organisations
    USING (
        CASE (SELECT app_actor_kind())
            WHEN 'client' THEN true
            WHEN 'job' THEN (SELECT app_job()) IN ('sign-in', 'manage-clients')
            WHEN 'public' THEN
                EXISTS (SELECT FROM initiatives i WHERE i.lead_organisation_id = organisations.id)
                OR EXISTS (SELECT FROM initiative_partners p WHERE p.organisation_id = organisations.id)
            WHEN 'link' THEN EXISTS (
                SELECT FROM agreements a
                WHERE a.id = (SELECT app_linked('agreement')) AND organisations.id IN (a.school_id, a.practice_id))
            ELSE false END);

ALTER POLICY regions_select ON regions
    USING (
        CASE (SELECT app_actor_kind())
            WHEN 'client' THEN true
            WHEN 'job' THEN (SELECT app_job()) IN ('sign-in', 'manage-clients')
            WHEN 'public' THEN EXISTS (SELECT FROM initiatives i WHERE i.region_id = regions.id)
            WHEN 'link' THEN EXISTS (
                SELECT FROM agreements a
                WHERE a.id = (SELECT app_linked('agreement')) AND a.region_id = regions.id)
            ELSE false END);

-- Whoever had the link made, it goes when there is something else to sign, or nothing any more.
ALTER POLICY links_select ON links
    USING (
        id = (SELECT app_link())
        OR organisation_id = (SELECT app_organisation())
        OR (SELECT app_job()) = 'sign-in'
        OR purpose = 'agreement' AND pg_trigger_depth() > 0);

ALTER POLICY links_update ON links
    USING (
        id = (SELECT app_link()) AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
        OR organisation_id = (SELECT app_organisation())
        OR purpose = 'agreement' AND pg_trigger_depth() > 0)
    WITH CHECK (
        id = (SELECT app_link()) AND revoked_at IS NULL
        OR organisation_id = (SELECT app_organisation())
        OR purpose = 'agreement' AND pg_trigger_depth() > 0 AND revoked_at IS NOT NULL);

CREATE FUNCTION revoke_agreement_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.links SET revoked_at = now()
    WHERE purpose = 'agreement' AND resource_id = (to_jsonb(NEW) ->> TG_ARGV[0])::uuid
        AND used_at IS NULL AND revoked_at IS NULL;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION revoke_agreement_link() IS 'Revokes the link by which a student signs, whoever had it made; its argument names the column with the agreement.';

CREATE TRIGGER revoke_agreement_link AFTER INSERT ON agreement_sheets
    FOR EACH ROW EXECUTE FUNCTION revoke_agreement_link('agreement_id');
CREATE TRIGGER revoke_agreement_link AFTER UPDATE OF student_asked_at, ended_on ON agreements
    FOR EACH ROW EXECUTE FUNCTION revoke_agreement_link('id');

CREATE FUNCTION end_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ended_on IS NOT NULL THEN
        UPDATE public.agreements SET ended_on = NEW.ended_on, version = version + 1
        WHERE placement_id = NEW.id AND ended_on IS NULL;
    ELSIF OLD.ended_on IS NOT NULL THEN
        UPDATE public.agreements SET ended_on = NULL, version = version + 1
        WHERE placement_id = NEW.id AND ended_on = OLD.ended_on;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION end_agreement() IS 'Ends the agreement with its placement, and takes that back when the step is taken back.';

CREATE TRIGGER end_agreement AFTER UPDATE OF status ON placements
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION end_agreement();

COMMENT ON TABLE agreements IS 'Agreements of school, student and host on a placement (praktijkovereenkomst, POK).';
COMMENT ON COLUMN agreements.placement_id IS 'Placement that it is about.';
COMMENT ON COLUMN agreements.region_id IS 'Region of the placement.';
COMMENT ON COLUMN agreements.school_id IS 'School of the student.';
COMMENT ON COLUMN agreements.practice_id IS 'Host of the placement.';
COMMENT ON COLUMN agreements.student_asked_at IS 'Moment at which the student was last mailed a link to sign; null before, and after a new sheet.';
COMMENT ON COLUMN agreements.ended_on IS 'Day on which it ended; null while it stands.';
SELECT describe_shared_columns('agreements');

COMMENT ON TABLE agreement_sheets IS 'Sheets of agreements (bpv-bladen): the terms; the newest holds.';
COMMENT ON COLUMN agreement_sheets.agreement_id IS 'Agreement that it belongs to.';
COMMENT ON COLUMN agreement_sheets.number IS 'Counts the sheets of an agreement, from 1.';
COMMENT ON COLUMN agreement_sheets.region_id IS 'Region of the placement.';
COMMENT ON COLUMN agreement_sheets.school_id IS 'School of the student.';
COMMENT ON COLUMN agreement_sheets.practice_id IS 'Host of the placement.';
COMMENT ON COLUMN agreement_sheets.qualification_id IS 'Qualification that the student works towards.';
COMMENT ON COLUMN agreement_sheets.learning_path IS 'Learning path (leerweg).';
COMMENT ON COLUMN agreement_sheets.starts_on IS 'First day.';
COMMENT ON COLUMN agreement_sheets.ends_on IS 'Last day as planned.';
COMMENT ON COLUMN agreement_sheets.hours_per_week IS 'Hours in a week.';
COMMENT ON COLUMN agreement_sheets.total_hours IS 'Hours of the whole placement.';
COMMENT ON COLUMN agreement_sheets.leerbedrijf_id IS 'Identifier of the host as training company.';
COMMENT ON COLUMN agreement_sheets.school_supervisor IS 'Who guides the intern for the school, as it names that person.';
COMMENT ON COLUMN agreement_sheets.needs_signatures IS 'Whether all three parties sign this sheet.';
SELECT describe_shared_columns('agreement_sheets');

COMMENT ON TABLE agreement_signatures IS 'Who signed which sheet of an agreement, how and when.';
COMMENT ON COLUMN agreement_signatures.agreement_id IS 'Agreement that was signed.';
COMMENT ON COLUMN agreement_signatures.sheet_number IS 'Sheet that was signed.';
COMMENT ON COLUMN agreement_signatures.region_id IS 'Region of the placement.';
COMMENT ON COLUMN agreement_signatures.school_id IS 'School of the student.';
COMMENT ON COLUMN agreement_signatures.practice_id IS 'Host of the placement.';
COMMENT ON COLUMN agreement_signatures.party IS 'Party that signed.';
COMMENT ON COLUMN agreement_signatures.method IS 'How it signed.';
COMMENT ON COLUMN agreement_signatures.signed_on IS 'Day on which it signed.';
COMMENT ON COLUMN agreement_signatures.evidence_kind IS 'What shows it, where it was not signed here.';
COMMENT ON COLUMN agreement_signatures.evidence_reference IS 'Where that is kept.';
COMMENT ON COLUMN agreement_signatures.evidence_sha256 IS 'SHA-256 digest of its scan.';
COMMENT ON COLUMN agreement_signatures.client_id IS 'Client that signed or recorded it; null for a link.';
COMMENT ON COLUMN agreement_signatures.organisation_id IS 'Organisation that signed or recorded it; of a link the one that had it made.';
COMMENT ON COLUMN agreement_signatures.on_behalf_of IS 'Host in whose name a bureau signed.';
COMMENT ON COLUMN agreement_signatures.mandate_id IS 'Mandate under which it did.';
SELECT describe_shared_columns('agreement_signatures');
