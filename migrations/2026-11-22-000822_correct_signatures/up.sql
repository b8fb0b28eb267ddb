-- A signature that was recorded wrongly is superseded by whoever recorded it, or for whom: by another
-- one, or by none. One by link is the student's own and stays.

ALTER TABLE agreement_signatures
    ADD COLUMN superseded_at timestamptz,
    ADD COLUMN supersedes_id uuid,
    ADD CONSTRAINT agreement_signatures_supersedes_id_key UNIQUE (supersedes_id),
    ADD CONSTRAINT agreement_signatures_supersedes_id_fk FOREIGN KEY (supersedes_id)
        REFERENCES agreement_signatures (id),
    DROP CONSTRAINT agreement_signatures_agreement_id_sheet_number_party_key;
CREATE UNIQUE INDEX agreement_signatures_agreement_id_sheet_number_party_key
    ON agreement_signatures (agreement_id, sheet_number, party) WHERE superseded_at IS NULL;
CREATE INDEX agreement_signatures_agreement_id_idx ON agreement_signatures (agreement_id, id);

COMMENT ON COLUMN agreement_signatures.superseded_at IS 'Moment a correction took the place of this signature, or it was withdrawn; null while it stands.';
COMMENT ON COLUMN agreement_signatures.supersedes_id IS 'Wrongly recorded signature that this one corrects.';

GRANT UPDATE (superseded_at) ON agreement_signatures TO stagepunt_app;

CREATE POLICY agreement_signatures_update ON agreement_signatures FOR UPDATE TO stagepunt_app
    USING (
        method <> 'link'
        AND CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
                AND (SELECT app_organisation()) IN (organisation_id, on_behalf_of)
            WHEN 'school' THEN school_id = (SELECT app_organisation())
                AND organisation_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
                AND practice_id = ANY ((SELECT app_mandated('agreements'))::uuid[])
                AND organisation_id = (SELECT app_organisation())
            ELSE false END);

CREATE FUNCTION supersede_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.superseded_at IS NOT NULL OR NEW.superseded_at IS NULL THEN
        RAISE EXCEPTION 'a superseded record is final'
            USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                CONSTRAINT = TG_TABLE_NAME || '_superseded_at_check';
    END IF;
    NEW.superseded_at := clock_timestamp();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION supersede_once() IS 'Stamps an append-only record when it is superseded, which happens once.';

CREATE TRIGGER supersede_once BEFORE UPDATE ON agreement_signatures
    FOR EACH ROW EXECUTE FUNCTION supersede_once();
