-- Whoever holds a link may lock neither the placement nor the agreement, and a bureau that ends an agreement
-- does it otherwise when all have signed: so both stand in line by the agreement's number.

CREATE FUNCTION signing_lock(agreement uuid) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN hashtextextended('stagepunt.signing:' || agreement::text, 0);
COMMENT ON FUNCTION signing_lock(uuid) IS 'Advisory lock of whoever signs, amends or ends the agreement.';
