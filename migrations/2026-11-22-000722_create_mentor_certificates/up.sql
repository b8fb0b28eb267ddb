-- That a mentor was trained: counted in figures, so never overwritten. It holds from the day of
-- issue up to the end of its validity or the day on which it is revoked, whichever comes first.

CREATE TABLE mentor_certificates (
    row_id uuid CONSTRAINT mentor_certificates_pkey PRIMARY KEY,
    id uuid NOT NULL,
    version integer NOT NULL,
    mentor_id uuid NOT NULL,
    practice_id uuid NOT NULL,
    issuer text NOT NULL CONSTRAINT mentor_certificates_issuer_check CHECK (char_length(issuer) BETWEEN 1 AND 200),
    number text CONSTRAINT mentor_certificates_number_check CHECK (char_length(number) BETWEEN 1 AND 64),
    professions text[] NOT NULL DEFAULT '{}'
        CONSTRAINT mentor_certificates_professions_check CHECK (
            is_code_list(professions, ARRAY['doctors-assistant', 'practice-nurse-somatic',
                'practice-nurse-mental-health', 'triage-assistant'])),
    effective_from date NOT NULL,
    valid_until date,
    revoked_on date,
    revocation_reason text
        CONSTRAINT mentor_certificates_revocation_reason_check
            CHECK (revocation_reason IN ('by-issuer', 'requirements-not-met', 'not-genuine', 'other')),
    effective_to date GENERATED ALWAYS AS (least(valid_until + 1, revoked_on)) STORED,
    recorded_by uuid NOT NULL DEFAULT app_organisation()
        CONSTRAINT mentor_certificates_recorded_by_fk REFERENCES organisations (id),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    superseded_at timestamptz,
    superseded_tx xid8,
    CONSTRAINT mentor_certificates_mentor_id_fk
        FOREIGN KEY (mentor_id, practice_id) REFERENCES mentors (id, practice_id),
    CONSTRAINT mentor_certificates_valid_until_check CHECK (valid_until >= effective_from),
    CONSTRAINT mentor_certificates_revoked_on_check CHECK (revoked_on > effective_from),
    CONSTRAINT mentor_certificates_revoked_on_revocation_reason_check
        CHECK ((revoked_on IS NULL) = (revocation_reason IS NULL))
);

SELECT make_fact_table('mentor_certificates');

CREATE UNIQUE INDEX mentor_certificates_practice_id_mentor_id_issuer_number_key
    ON mentor_certificates (practice_id, mentor_id, issuer, number, effective_from)
    NULLS NOT DISTINCT WHERE superseded_at IS NULL;
CREATE INDEX mentor_certificates_mentor_id_idx ON mentor_certificates (mentor_id, effective_from)
    WHERE superseded_at IS NULL;
CREATE INDEX mentor_certificates_practice_id_idx ON mentor_certificates (practice_id, id);

CREATE POLICY mentor_certificates_select ON mentor_certificates FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN EXISTS (
                SELECT FROM memberships m
                WHERE m.organisation_id = mentor_certificates.practice_id
                    AND m.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND m.host_kind IS NOT NULL
                    AND m.superseded_at IS NULL)
            WHEN 'school' THEN false
            ELSE false END);

-- The bureau has mentors trained and hears of it from the trainer, so it needs no mandate to record that.
CREATE POLICY mentor_certificates_insert ON mentor_certificates FOR INSERT TO stagepunt_app
    WITH CHECK (
        recorded_by = (SELECT app_organisation())
        AND CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN is_member_of_own_region(practice_id)
            ELSE false END);

-- What the bureau vouches for is not the practice's to change.
CREATE POLICY mentor_certificates_update ON mentor_certificates FOR UPDATE TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
                AND recorded_by = (SELECT app_organisation())
            WHEN 'region' THEN is_member_of_own_region(practice_id)
            ELSE false END);

COMMENT ON TABLE mentor_certificates IS 'Certificates of mentors who were trained to guide interns (bijscholing stagebegeleider).';
COMMENT ON COLUMN mentor_certificates.mentor_id IS 'Mentor who was trained.';
COMMENT ON COLUMN mentor_certificates.practice_id IS 'Practice of the mentor.';
COMMENT ON COLUMN mentor_certificates.issuer IS 'Who issued it: the provider of the training.';
COMMENT ON COLUMN mentor_certificates.number IS 'Number that the issuer gave it; null where it gives none.';
COMMENT ON COLUMN mentor_certificates.professions IS 'Professions for which it lets the mentor guide interns; empty for all.';
COMMENT ON COLUMN mentor_certificates.valid_until IS 'Last day on which it is valid; null where it does not expire.';
COMMENT ON COLUMN mentor_certificates.revoked_on IS 'Day from which it no longer holds because it was revoked; null while it was not.';
COMMENT ON COLUMN mentor_certificates.revocation_reason IS 'Why it was revoked.';
COMMENT ON COLUMN mentor_certificates.recorded_by IS 'Organisation that wrote this version down: the practice itself, or its bureau.';
