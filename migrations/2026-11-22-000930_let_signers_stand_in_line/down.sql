DROP FUNCTION signing_lock(uuid);
