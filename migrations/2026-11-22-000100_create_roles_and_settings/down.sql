DROP FUNCTION app_today();
DROP FUNCTION app_mandated(text);
DROP FUNCTION app_job();
DROP FUNCTION app_link();
DROP FUNCTION app_client();
DROP FUNCTION app_regions();
DROP FUNCTION app_organisation();
DROP FUNCTION app_role();
DROP FUNCTION app_actor_kind();

REVOKE USAGE ON SCHEMA public FROM stagepunt_app, stagepunt_figures;

DO $$
DECLARE
    unwanted_role text;
BEGIN
    -- A role that another database of the cluster still uses, or that another login made, stays.
    FOREACH unwanted_role IN ARRAY ARRAY['stagepunt_app', 'stagepunt_figures'] LOOP
        BEGIN
            EXECUTE format('DROP ROLE IF EXISTS %I', unwanted_role);
        EXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege OR object_in_use THEN
            RAISE NOTICE 'role % stays', unwanted_role;
        END;
    END LOOP;
END
$$;
