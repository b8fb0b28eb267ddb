-- The two roles of the cluster and the settings by which the doors tell the policies who asks.

DO $$
DECLARE
    wanted_role text;
    wanted_setting text;
    present_settings text[];
BEGIN
    -- Several databases of one cluster may migrate at the same moment, and no lock spans
    -- databases: whoever comes second finds the role made, or tries the setting again.
    FOREACH wanted_role IN ARRAY ARRAY['stagepunt_app', 'stagepunt_figures'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted_role) THEN
            BEGIN
                EXECUTE format(
                    'CREATE ROLE %I %s NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION',
                    wanted_role,
                    CASE wanted_role WHEN 'stagepunt_app' THEN 'LOGIN' ELSE 'NOLOGIN' END);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;
            END;
        END IF;
    END LOOP;

    FOREACH wanted_setting IN ARRAY ARRAY[
        'plan_cache_mode=force_generic_plan',
        'statement_timeout=5s',
        'lock_timeout=2s',
        'idle_in_transaction_session_timeout=10s',
        'client_connection_check_interval=1s'
    ] LOOP
        FOR attempt IN 1..50 LOOP
            SELECT s.setconfig INTO present_settings
            FROM pg_catalog.pg_db_role_setting s
            JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
            WHERE r.rolname = 'stagepunt_app' AND s.setdatabase = 0;
            EXIT WHEN wanted_setting = ANY (present_settings);
            BEGIN
                EXECUTE format('ALTER ROLE stagepunt_app SET %I TO %L',
                    split_part(wanted_setting, '=', 1), split_part(wanted_setting, '=', 2));
                EXIT;
            EXCEPTION WHEN internal_error OR unique_violation OR serialization_failure THEN
                IF attempt = 50 THEN
                    RAISE;
                END IF;
                PERFORM pg_sleep(0.05);
            END;
        END LOOP;
    END LOOP;
END
$$;

-- The grant also keeps a migration down in another database from dropping the roles.
GRANT USAGE ON SCHEMA public TO stagepunt_app, stagepunt_figures;

-- Plain SQL that the planner inlines. A setting that is missing or '' is null and matches no row;
-- only a client has a role, an organisation, regions and mandates, whatever else is set.
-- Policies wrap every call as (select app_...()), so that it is worked out once per statement.

CREATE FUNCTION app_actor_kind() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.actor_kind', true), '');
COMMENT ON FUNCTION app_actor_kind() IS 'Kind of caller: client, public, link or job.';

CREATE FUNCTION app_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN current_setting('app.actor_kind', true) = 'client'
        THEN nullif(current_setting('app.role', true), '') END;
COMMENT ON FUNCTION app_role() IS 'Role of the calling client: practice, school, region, funder or platform; null for every other kind of caller.';

CREATE FUNCTION app_organisation() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN current_setting('app.actor_kind', true) = 'client'
        THEN nullif(current_setting('app.organisation', true), '')::uuid END;
COMMENT ON FUNCTION app_organisation() IS 'Organisation of the calling client; null for every other kind of caller.';

CREATE FUNCTION app_regions() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN current_setting('app.actor_kind', true) = 'client'
        THEN nullif(current_setting('app.regions', true), '')::uuid[] END;
COMMENT ON FUNCTION app_regions() IS 'Regions of the calling client: those whose bureau it is (role region), or those it is or was a member of (roles practice and school).';

CREATE FUNCTION app_client() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN current_setting('app.actor_kind', true) = 'client'
        THEN nullif(current_setting('app.client', true), '')::uuid END;
COMMENT ON FUNCTION app_client() IS 'Calling client; null for every other kind of caller.';

CREATE FUNCTION app_link() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN current_setting('app.actor_kind', true) = 'link'
        THEN nullif(current_setting('app.link', true), '')::uuid END;
COMMENT ON FUNCTION app_link() IS 'Link that a caller without a client came by; null for every other kind of caller.';

CREATE FUNCTION app_job() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN current_setting('app.actor_kind', true) = 'job'
        THEN nullif(current_setting('app.job', true), '') END;
COMMENT ON FUNCTION app_job() IS 'Name of the job at work; null for every other kind of caller.';

CREATE FUNCTION app_mandated(scope text) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN current_setting('app.actor_kind', true) = 'client'
        THEN nullif(current_setting('app.mandated_' || scope, true), '')::uuid[] END;
COMMENT ON FUNCTION app_mandated(text) IS 'Practices that gave the calling client a mandate with this scope; the scope is written with underscores, as in subsidy_applications.';

CREATE FUNCTION app_today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('app.today', true), '')::date,
        (now() AT TIME ZONE 'Europe/Amsterdam')::date);
COMMENT ON FUNCTION app_today() IS 'Business day in Europe/Amsterdam; only demo mode fixes it through the setting.';
