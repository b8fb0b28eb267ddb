CREATE OR REPLACE FUNCTION is_phone(number text)
    RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN number ~ '^[0-9+() -]{3,32}$';
