-- An offer says who will guide the intern, and its placements begin with that mentor. Schools do not
-- learn who that is from an offer, nor by proposing somebody for it: they see the mentor of a seat that
-- their student has or had.

ALTER TABLE placement_offers
    ADD COLUMN mentor_id uuid,
    ADD CONSTRAINT placement_offers_mentor_id_fk
        FOREIGN KEY (mentor_id, practice_id) REFERENCES mentors (id, practice_id);
COMMENT ON COLUMN placement_offers.mentor_id IS 'Who is to guide the intern at the host; null where that is open.';

CREATE INDEX placement_offers_mentor_id_idx ON placement_offers (mentor_id) WHERE mentor_id IS NOT NULL;

GRANT UPDATE (mentor_id) ON placement_offers TO stagepunt_app;

-- Schools cannot see whether a mentor still guides, so what they propose relies on the offer.
CREATE FUNCTION take_mentor_from_offers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.placement_offers o
    SET mentor_id = NULL, version = o.version + 1
    FROM public.qualifications q
    WHERE o.mentor_id = NEW.id
        AND o.status IN ('draft', 'published')
        AND q.id = o.qualification_id
        AND NOT (NEW.active AND q.profession = ANY (NEW.guides));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION take_mentor_from_offers() IS 'Leaves the mentor of open offers open when the mentor no longer guides interns, or not for their profession.';

CREATE TRIGGER take_mentor_from_offers AFTER UPDATE OF active, guides ON mentors
    FOR EACH ROW WHEN ((NEW.active, NEW.guides) IS DISTINCT FROM (OLD.active, OLD.guides))
    EXECUTE FUNCTION take_mentor_from_offers();

ALTER POLICY mentors_select ON mentors
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN EXISTS (
                SELECT FROM memberships m
                WHERE m.organisation_id = mentors.practice_id
                    AND m.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND m.host_kind IS NOT NULL
                    AND m.superseded_at IS NULL)
            WHEN 'school' THEN EXISTS (
                SELECT FROM placements p
                WHERE p.mentor_id = mentors.id AND p.school_id = (SELECT app_organisation())
                    AND p.status NOT IN ('proposed', 'declined', 'cancelled'))
            ELSE false END);

ALTER POLICY mentor_identities_select ON mentor_identities
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN EXISTS (
                SELECT FROM memberships m
                WHERE m.organisation_id = mentor_identities.practice_id
                    AND m.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND m.host_kind IS NOT NULL
                    AND m.superseded_at IS NULL)
            WHEN 'school' THEN EXISTS (
                SELECT FROM placements p
                WHERE p.mentor_id = mentor_identities.mentor_id AND p.school_id = (SELECT app_organisation())
                    AND p.status NOT IN ('proposed', 'declined', 'cancelled'))
            ELSE false END);

ALTER POLICY mentor_certificates_select ON mentor_certificates
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN EXISTS (
                SELECT FROM memberships m
                WHERE m.organisation_id = mentor_certificates.practice_id
                    AND m.region_id = ANY ((SELECT app_regions())::uuid[])
                    AND m.host_kind IS NOT NULL
                    AND m.superseded_at IS NULL)
            WHEN 'school' THEN EXISTS (
                SELECT FROM placements p
                WHERE p.mentor_id = mentor_certificates.mentor_id AND p.school_id = (SELECT app_organisation())
                    AND p.status NOT IN ('proposed', 'declined', 'cancelled'))
            ELSE false END);
