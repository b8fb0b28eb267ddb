ALTER TABLE mandates DROP CONSTRAINT mandates_evidence_kind_check;
ALTER TABLE mandates ADD CONSTRAINT mandates_evidence_kind_check
    CHECK (char_length(evidence_kind) BETWEEN 1 AND 64);
