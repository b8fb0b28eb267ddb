-- Whoever holds a link may lock neither the placement nor the agreement, and a bureau needs a mandate to end an
-- agreement that somebody signed: so both stand in line by the agreement's id.

CREATE FUNCTION signing_lock(agreement uuid) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN hashtextextended('stagepunt.signing:' || agreement::text, 0);
COMMENT ON FUNCTION signing_lock(uuid) IS 'Advisory lock of whoever signs, amends or ends the agreement.';
