-- Who of those who wait fits an offer: asked for one offer, and whenever a seat of one is free again.

CREATE FUNCTION waiting_for_offer(offer_id uuid) RETURNS TABLE (request_id uuid)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT r.id
    FROM placement_offers o
    -- One list of one region: joined to the columns of the offer, all open requests would be read.
    JOIN placement_requests r
        ON r.region_id = (SELECT x.region_id FROM placement_offers x WHERE x.id = waiting_for_offer.offer_id)
        AND r.qualification_id =
            (SELECT x.qualification_id FROM placement_offers x WHERE x.id = waiting_for_offer.offer_id)
    JOIN students s ON s.id = r.student_id
    LEFT JOIN learning_path_periods l
        ON l.student_id = r.student_id AND l.superseded_at IS NULL AND l.effective_to IS NULL
    WHERE o.id = waiting_for_offer.offer_id
        AND r.status = 'open'
        AND r.ends_on >= (SELECT app_today())
        AND r.starts_on <= o.ends_on
        AND r.ends_on >= o.starts_on
        AND s.active
        AND (cardinality(o.reserved_school_ids) = 0 OR r.school_id = ANY (o.reserved_school_ids))
        AND (cardinality(o.study_years) = 0 OR s.study_year IS NULL OR s.study_year = ANY (o.study_years))
        AND (l.learning_path IS NULL OR l.learning_path = ANY (o.learning_paths))
        AND NOT EXISTS (SELECT FROM placements p WHERE p.request_id = r.id AND p.ended_on IS NULL)
        AND NOT EXISTS (SELECT FROM placements p WHERE p.student_id = r.student_id AND p.offer_id = o.id);
END;
COMMENT ON FUNCTION waiting_for_offer(uuid) IS 'The open requests that fit an offer, by qualification, days, school, study year and learning path (what is unknown of a student fits), without those who are being placed or were placed or proposed there before.';
