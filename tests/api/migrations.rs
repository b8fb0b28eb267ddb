//! Migrations go up, down and up again, and leave the same schema.

use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query};
use stagepunt::db::{self, Job};

use crate::support::{Cluster, TestApp};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Every column, constraint, index, policy, function, trigger and grant as text.
fn schema(url: &str) -> Vec<String> {
    let mut owner = PgConnection::establish(url).unwrap();
    let sql = "
        SELECT format('column %s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) AS line
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT format('constraint %s %s', conname, pg_get_constraintdef(c.oid)) FROM pg_constraint c
            JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = 'public'
        UNION ALL SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT format('policy %s %s %s %s %s', tablename, policyname, cmd, qual, with_check)
            FROM pg_policies WHERE schemaname = 'public'
        UNION ALL SELECT format('function %s', pg_get_functiondef(p.oid)) FROM pg_proc p
            JOIN pg_namespace n ON n.oid = p.pronamespace LEFT JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'
            WHERE n.nspname = 'public' AND d.objid IS NULL AND p.prokind = 'f'
        UNION ALL SELECT format('trigger %s', pg_get_triggerdef(t.oid)) FROM pg_trigger t WHERE NOT t.tgisinternal
        UNION ALL SELECT format('grant %s %s %s', table_name, grantee, privilege_type)
            FROM information_schema.role_table_grants WHERE table_schema = 'public'
        ORDER BY line";
    let rows: Vec<Line> = sql_query(sql).load(&mut owner).unwrap();
    rows.into_iter().map(|row| row.line).filter(|line| !line.contains("__diesel")).collect()
}

#[test]
fn up_down_and_up_again_leave_the_same_schema() {
    let database = Cluster::shared().empty_database();
    let empty = schema(&database.owner_url);
    db::migrate(&database.owner_url).unwrap();
    let first = schema(&database.owner_url);
    assert!(first.len() > 200, "only {} objects", first.len());
    db::revert_all(&database.owner_url).unwrap();
    assert_eq!(schema(&database.owner_url), empty);
    db::migrate(&database.owner_url).unwrap();
    assert_eq!(schema(&database.owner_url), first);
}

#[test]
fn the_rust_schema_names_every_column() {
    let database = Cluster::shared().database();
    let mut owner = PgConnection::establish(&database.owner_url).unwrap();
    let columns: Vec<Line> = sql_query(
        "SELECT table_name || ' ' || column_name AS line FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations' ORDER BY table_name, ordinal_position",
    )
    .load(&mut owner)
    .unwrap();
    let written = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/schema.rs")).unwrap();
    let mut table = String::new();
    let mut named = std::collections::BTreeSet::new();
    for line in written.lines().map(str::trim) {
        if let Some((name, rest)) = line.split_once(" (")
            && rest.ends_with(") {")
        {
            table = name.to_owned();
        } else if let Some((column, _)) = line.split_once(" -> ") {
            named.insert(format!("{table} {}", column.trim_start_matches("#[sql_name = ")));
        }
    }
    let missing: Vec<String> = columns.into_iter().map(|row| row.line).filter(|line| !named.contains(line)).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[actix_web::test]
async fn the_app_login_plans_once_compiles_nothing_and_waits_for_nobody() {
    let app = TestApp::start().await;
    let read = |conn: &mut db::Conn| {
        let sql = "SELECT string_agg(current_setting(name), ' ' ORDER BY place) AS line FROM unnest(ARRAY[ \
                   'plan_cache_mode', 'jit', 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', \
                   'client_connection_check_interval']) WITH ORDINALITY AS s (name, place)";
        Ok(sql_query(sql).get_result::<Line>(conn)?.line)
    };
    assert_eq!(app.db.run_as_system(Job::SignIn, read).await.unwrap(), "force_generic_plan off 5s 2s 10s 1s");
}
