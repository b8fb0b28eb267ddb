-- Who guides interns at a practice, without any name: those stand apart in mentor_identities.

CREATE TABLE mentors (
    id uuid CONSTRAINT mentors_pkey PRIMARY KEY,
    practice_id uuid NOT NULL CONSTRAINT mentors_practice_id_fk REFERENCES organisations (id),
    profession text NOT NULL CONSTRAINT mentors_profession_check CHECK (is_profession(profession)),
    guides text[] NOT NULL,
    active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1 CONSTRAINT mentors_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT mentors_id_practice_id_key UNIQUE (id, practice_id),
    CONSTRAINT mentors_guides_check CHECK (
        cardinality(guides) >= 1
        AND is_code_list(guides, ARRAY['doctors-assistant', 'practice-nurse-somatic',
            'practice-nurse-mental-health', 'triage-assistant']))
);

CREATE INDEX mentors_practice_id_idx ON mentors (practice_id, id);

CREATE TRIGGER stamp_update BEFORE UPDATE ON mentors FOR EACH ROW EXECUTE FUNCTION stamp_update();

GRANT SELECT, INSERT, UPDATE (profession, guides, active, version) ON mentors TO stagepunt_app;

SELECT enforce_row_security('mentors');

-- Sight outlives a membership, writing does not.
CREATE POLICY mentors_select ON mentors FOR SELECT TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN EXISTS (
                SELECT FROM memberships m
                WHERE m.organisation_id = mentors.practice_id
                    AND m.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND m.host_kind IS NOT NULL
                    AND m.superseded_at IS NULL)
            WHEN 'school' THEN false
            ELSE false END);

CREATE POLICY mentors_insert ON mentors FOR INSERT TO stagepunt_app
    WITH CHECK (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN practice_id = ANY ((SELECT app_mandated('mentors'))::uuid[])
                AND is_member_of_own_region(practice_id)
            ELSE false END);

CREATE POLICY mentors_update ON mentors FOR UPDATE TO stagepunt_app
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN practice_id = ANY ((SELECT app_mandated('mentors'))::uuid[])
                AND is_member_of_own_region(practice_id)
            ELSE false END);

COMMENT ON TABLE mentors IS 'People at practices who guide interns (praktijkbegeleiders), without names.';
COMMENT ON COLUMN mentors.practice_id IS 'Practice that the mentor works at.';
COMMENT ON COLUMN mentors.profession IS 'Profession of the mentor.';
COMMENT ON COLUMN mentors.guides IS 'Professions for which the mentor may guide interns.';
COMMENT ON COLUMN mentors.active IS 'False once the mentor guides nobody there any more.';
SELECT describe_shared_columns('mentors');
