DROP TRIGGER wait_for_offer ON placements;
DROP FUNCTION wait_for_offer();
DROP TRIGGER take_from_offer ON placements;
DROP FUNCTION take_from_offer();
DROP TRIGGER stand_in_line ON placements;
DROP FUNCTION stand_in_line();
DROP FUNCTION seat_lock(uuid);
