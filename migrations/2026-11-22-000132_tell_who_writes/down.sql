DROP FUNCTION writes_initiative(uuid, uuid);
