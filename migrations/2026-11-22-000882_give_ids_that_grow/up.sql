-- What triggers enter gets ids like all others (UUID version 7, RFC 9562), so that a list in the order of
-- ids is one in the order in which things were entered.

CREATE FUNCTION uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE
    RETURN encode(
        set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid())
                PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
            52, 1), 53, 1),
        'hex')::uuid;
COMMENT ON FUNCTION uuid7() IS 'An id that begins with the milliseconds since 1970; version 4 with the bits of version 7 set.';

DO $$
DECLARE
    entering regprocedure;
BEGIN
    FOREACH entering IN ARRAY ARRAY['flag_leavers()', 'follow_learning_path()', 'follow_placement()']::regprocedure[] LOOP
        EXECUTE replace(pg_get_functiondef(entering), 'gen_random_uuid()', 'public.uuid7()');
    END LOOP;
END
$$;
