DO $$
DECLARE
    entering regprocedure;
BEGIN
    FOREACH entering IN ARRAY ARRAY['flag_leavers()', 'follow_learning_path()', 'follow_placement()']::regprocedure[] LOOP
        EXECUTE replace(pg_get_functiondef(entering), 'public.uuid7()', 'gen_random_uuid()');
    END LOOP;
END
$$;

DROP FUNCTION uuid7();
