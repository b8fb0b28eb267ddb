CREATE OR REPLACE FUNCTION take_mentor_from_offers() RETURNS trigger LANGUAGE plpgsql AS $$
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

DROP FUNCTION guidance_lock(uuid);

ALTER POLICY placement_offers_update ON placement_offers
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
                AND (practice_id = ANY ((SELECT app_mandated('offers'))::uuid[]) OR pg_trigger_depth() > 0)
            WHEN 'school' THEN pg_trigger_depth() > 0
            ELSE (SELECT app_job()) = 'sweep-expired' AND pg_trigger_depth() > 0 END);

ALTER POLICY placement_offers_select ON placement_offers
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            WHEN 'school' THEN region_id = ANY ((SELECT current_regions())::uuid[])
                AND status = 'published'
                AND (cardinality(reserved_school_ids) = 0
                    OR (SELECT app_organisation()) = ANY (reserved_school_ids))
                OR has_own_student_on(id)
            ELSE (SELECT app_job()) = 'sweep-expired' AND pg_trigger_depth() > 0 END);
