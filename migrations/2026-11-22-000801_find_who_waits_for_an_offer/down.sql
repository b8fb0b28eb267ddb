DROP FUNCTION waiting_for_offer(uuid);
