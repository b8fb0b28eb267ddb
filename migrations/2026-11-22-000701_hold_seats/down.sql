DROP TRIGGER hold_seat ON placements;
DROP FUNCTION hold_seat();
DROP TRIGGER guard_seats_taken ON placement_offers;
DROP FUNCTION guard_seats_taken();
ALTER POLICY placement_offers_update ON placement_offers
    USING (
        CASE (SELECT app_role())
            WHEN 'practice' THEN practice_id = (SELECT app_organisation())
            WHEN 'region' THEN region_id = ANY ((SELECT app_regions())::uuid[])
                AND practice_id = ANY ((SELECT app_mandated('offers'))::uuid[])
            ELSE false END);
DROP FUNCTION holds_seat(text);
ALTER TABLE placement_offers DROP COLUMN seats_taken;
