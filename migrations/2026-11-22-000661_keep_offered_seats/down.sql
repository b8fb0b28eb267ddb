DROP TRIGGER keep_changed_seats ON placement_offers;
DROP TRIGGER keep_offered_seats ON placement_offers;
DROP FUNCTION keep_offered_seats();
DROP TABLE placement_offer_seats;
