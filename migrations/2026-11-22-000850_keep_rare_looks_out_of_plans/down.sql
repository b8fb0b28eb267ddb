ALTER POLICY workforce_needs_select ON workforce_needs USING ((SELECT app_actor_kind()) = 'client');
ALTER POLICY recognitions_select ON recognitions USING ((SELECT app_actor_kind()) = 'client');
ALTER POLICY readiness_rules_select ON readiness_rules USING ((SELECT app_actor_kind()) = 'client');
ALTER POLICY programmes_select ON programmes USING ((SELECT app_actor_kind()) = 'client');
ALTER POLICY organisation_sites_select ON organisation_sites USING ((SELECT app_actor_kind()) = 'client');
ALTER POLICY hour_norms_select ON hour_norms USING ((SELECT app_actor_kind()) = 'client');
ALTER POLICY expectation_profiles_select ON expectation_profiles USING ((SELECT app_actor_kind()) = 'client');

ALTER POLICY placement_offers_select ON placement_offers
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
            WHEN 'school' THEN region_id = ANY ((SELECT current_regions())::uuid[])
                AND status = 'published'
                AND (cardinality(reserved_school_ids) = 0
                    OR (SELECT app_organisation()) = ANY (reserved_school_ids))
                OR EXISTS (
                    SELECT FROM placements p
                    WHERE p.offer_id = placement_offers.id AND p.school_id = (SELECT app_organisation()))
            ELSE (SELECT app_job()) = 'sweep-expired' AND pg_trigger_depth() > 0 END);

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
                WHERE a.id = (SELECT app_linked('agreement'))
                    AND (organisations.id = a.school_id OR organisations.id = a.practice_id))
            ELSE false END);

DROP FUNCTION has_own_student_on(uuid);
DROP FUNCTION is_shown_region(uuid);
DROP FUNCTION is_shown_organisation(uuid);
