DROP FUNCTION client_standing(uuid);
DROP FUNCTION mandated_practices(uuid, text);
