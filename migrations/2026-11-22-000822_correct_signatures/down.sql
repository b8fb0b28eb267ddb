DROP TRIGGER supersede_once ON agreement_signatures;
DROP FUNCTION supersede_once();
DROP POLICY agreement_signatures_update ON agreement_signatures;
REVOKE UPDATE (superseded_at) ON agreement_signatures FROM stagepunt_app;

-- Only what stands was known before.
ALTER TABLE agreement_signatures NO FORCE ROW LEVEL SECURITY;
UPDATE agreement_signatures SET supersedes_id = NULL WHERE supersedes_id IS NOT NULL;
DELETE FROM agreement_signatures WHERE superseded_at IS NOT NULL;
ALTER TABLE agreement_signatures FORCE ROW LEVEL SECURITY;

DROP INDEX agreement_signatures_agreement_id_idx;
DROP INDEX agreement_signatures_agreement_id_sheet_number_party_key;
ALTER TABLE agreement_signatures
    DROP COLUMN supersedes_id,
    DROP COLUMN superseded_at,
    ADD CONSTRAINT agreement_signatures_agreement_id_sheet_number_party_key UNIQUE (agreement_id, sheet_number, party);
