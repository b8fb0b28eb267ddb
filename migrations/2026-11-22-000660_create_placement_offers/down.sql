DROP TABLE placement_offer_transitions;
DROP TABLE placement_offers;
DROP FUNCTION writes_offer(uuid, uuid);
DROP FUNCTION bury_offer();
DROP FUNCTION is_week(text[]);
