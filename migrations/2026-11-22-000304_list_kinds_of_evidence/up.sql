-- A kind of evidence is a code of the API's list.

ALTER TABLE mandates DROP CONSTRAINT mandates_evidence_kind_check;
ALTER TABLE mandates ADD CONSTRAINT mandates_evidence_kind_check
    CHECK (evidence_kind IN ('signed-form', 'contract', 'letter', 'e-mail', 'other'));
