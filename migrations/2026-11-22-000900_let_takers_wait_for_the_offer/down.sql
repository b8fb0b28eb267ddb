DROP TRIGGER require_published_offer_for_seat ON placements;
DROP TRIGGER require_published_offer ON placements;
DROP FUNCTION require_published_offer();
DROP FUNCTION seat_lock(uuid);
