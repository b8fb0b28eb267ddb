DROP FUNCTION may_state_intent(uuid);
