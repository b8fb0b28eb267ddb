-- A mentor who no longer guides was left on offers that whoever said so cannot see: those that a host made in another
-- region than the bureau's. And whoever named a mentor at the moment of that change outran it.

ALTER POLICY placement_offers_select ON placement_offers
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
                OR pg_trigger_depth() > 0 AND practice_id = ANY ((SELECT app_mandated('mentors'))::uuid[])
            WHEN 'school' THEN region_id = ANY ((SELECT current_regions())::uuid[])
                AND status = 'published'
                AND (cardinality(reserved_school_ids) = 0
                    OR (SELECT app_organisation()) = ANY (reserved_school_ids))
                OR has_own_student_on(id)
            ELSE (SELECT app_job()) = 'sweep-expired' AND pg_trigger_depth() > 0 END);

ALTER POLICY placement_offers_update ON placement_offers
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
                    AND (practice_id = ANY ((SELECT app_mandated('offers'))::uuid[]) OR pg_trigger_depth() > 0)
                OR pg_trigger_depth() > 0 AND practice_id = ANY ((SELECT app_mandated('mentors'))::uuid[])
            WHEN 'school' THEN pg_trigger_depth() > 0
            ELSE (SELECT app_job()) = 'sweep-expired' AND pg_trigger_depth() > 0 END);

CREATE FUNCTION guidance_lock(mentor uuid) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN hashtextextended('stagepunt.guidance:' || mentor::text, 0);
COMMENT ON FUNCTION guidance_lock(uuid) IS 'Advisory lock on whether a mentor guides: shared by whoever names the mentor, exclusive for whoever changes it.';

CREATE OR REPLACE FUNCTION take_mentor_from_offers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever changes an offer holds it before the mentor is named: so the offers come first here too.
    PERFORM FROM public.placement_offers o
    WHERE o.mentor_id = NEW.id AND o.status IN ('draft', 'published') ORDER BY o.id FOR NO KEY UPDATE;
    PERFORM pg_advisory_xact_lock(public.guidance_lock(NEW.id));
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
