SELECT current_user::text AS name,
       (r.rolsuper OR r.rolbypassrls OR EXISTS (
            SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relowner = r.oid)) AS too_powerful,
       coalesce((
            SELECT string_agg(c.relname, ', ' ORDER BY c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
              AND c.relname <> '__diesel_schema_migrations'
              AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                       AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))), '') AS unwalled,
       current_setting('server_version_num')::integer AS server_version,
       coalesce(nullif(current_setting('lc_messages'), ''), 'C') AS messages
FROM pg_roles r
WHERE r.rolname = current_user
