-- People also write dots and slashes in a telephone number, and the API takes them.

CREATE OR REPLACE FUNCTION is_phone(number text)
    RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN number ~ '^[0-9+() ./-]{3,32}$';
