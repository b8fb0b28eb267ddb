//! The wall in the database: every table has it, it is written down, and it holds alone.

mod writes;

use std::fmt::Write as _;

use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query};

use crate::support::{Cluster, as_client, texts, texts_if_allowed};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(sql: &str) -> Vec<String> {
    let database = Cluster::shared().database();
    let mut owner = PgConnection::establish(&database.owner_url).unwrap();
    let rows: Vec<Line> = sql_query(sql).load(&mut owner).unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

#[test]
fn every_table_stands_behind_forced_policies() {
    let open = lines(
        "SELECT c.relname AS line FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> '__diesel_schema_migrations' \
         AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))",
    );
    assert_eq!(open, Vec::<String>::new());
}

#[test]
fn there_is_one_policy_per_table_and_command() {
    let double = lines(
        "SELECT tablename || ' ' || cmd AS line FROM pg_policies WHERE schemaname = 'public' AND permissive = 'PERMISSIVE' \
         GROUP BY tablename, cmd HAVING count(*) > 1",
    );
    assert_eq!(double, Vec::<String>::new());
}

#[test]
fn no_function_runs_with_its_owners_rights() {
    let definers = lines(
        "SELECT p.proname AS line FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace \
         WHERE n.nspname = 'public' AND p.prosecdef",
    );
    assert_eq!(definers, Vec::<String>::new());
}

#[test]
fn a_caller_without_identity_sees_nothing_of_any_tenant() {
    let database = Cluster::shared().database();
    let mut app = PgConnection::establish(&database.app_url).unwrap();
    let mut owner = PgConnection::establish(&database.owner_url).unwrap();
    let tables: Vec<Line> = sql_query(
        "SELECT c.relname AS line FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname NOT IN ('__diesel_schema_migrations', 'qualifications')",
    )
    .load(&mut owner)
    .unwrap();
    for Line { line: table } in tables {
        // No setting at all, and settings that a reused session leaves as ''.
        for settings in [
            "SELECT 1",
            "SELECT set_config('app.organisation', '', false), set_config('app.regions', '', false), set_config('app.actor_kind', '', false)",
        ] {
            sql_query(settings).execute(&mut app).unwrap();
            let seen: Vec<Line> =
                sql_query(format!("SELECT count(*)::text AS line FROM {table}")).load(&mut app).unwrap();
            assert_eq!(seen[0].line, "0", "{table}");
        }
    }
}

#[test]
fn the_list_of_policies_is_fresh() {
    let listed = lines(
        "SELECT format('%-28s %-7s %-30s%s%s', tablename, cmd, policyname, \
         coalesce(E'\\n    using ' || regexp_replace(qual, '\\s+', ' ', 'g'), ''), \
         coalesce(E'\\n    check ' || regexp_replace(with_check, '\\s+', ' ', 'g'), '')) AS line \
         FROM pg_policies WHERE schemaname = 'public' ORDER BY tablename, cmd, policyname",
    );
    let page = format!(
        "Row policies, from the migrated database: who sees and changes which rows.\n\n{}\n",
        listed.join("\n")
    );
    crate::support::assert_fresh("docs/row-policies.txt", &page);
}

/// Clients whose view is written down: each role, with own and foreign rows.
const VIEWERS: [(&str, &str); 9] = [
    ("platform", "demo-platform"),
    ("SSFH", "demo-ssfh-1"),
    ("other fund", "demo-demofonds"),
    ("M-Brabant", "demo-regio-midden-brabant"),
    ("Zeeland", "demo-regio-zeeland"),
    ("ROC Tilb.", "demo-school-roc-tilburg"),
    ("Scalda", "demo-school-scalda"),
    ("Gezond Z.", "demo-praktijk-gezond-op-zuid"),
    ("Eik", "demo-praktijk-eerste-eik"),
];

/// The policies proved alone: no guard, no handler, only the app login with an identity.
#[test]
fn what_each_client_sees_changes_and_deletes_is_fresh() {
    let database = Cluster::shared().database();
    let mut owner = PgConnection::establish(&database.owner_url).unwrap();
    let tables = texts(
        &mut owner,
        "SELECT relname AS value FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' \
         AND relname <> '__diesel_schema_migrations' ORDER BY 1",
    );
    let mut page = format!("{:<30}{:>6}", "table", "rows");
    for (title, _) in VIEWERS {
        write!(page, "{title:>16}").unwrap();
    }
    for table in tables {
        let rows = texts(&mut owner, &format!("SELECT count(*)::text AS value FROM {table}"));
        write!(page, "\n{table:<30}{:>6}", rows[0]).unwrap();
        for (_, key) in VIEWERS {
            let count = |lock: &str| {
                let sql = format!("SELECT count(*)::text AS value FROM (SELECT FROM {table} {lock}) AS seen");
                // A savepoint would do as well: what is refused ends its transaction.
                texts_if_allowed(&mut as_client(&database, key), &sql).pop().unwrap_or_else(|| "-".to_owned())
            };
            let (seen, changed) = (count(""), count("FOR NO KEY UPDATE"));
            let deleted = writes::deletable(&mut as_client(&database, key), &table);
            write!(page, "{:>16}", format!("{seen} / {changed} / {deleted}")).unwrap();
        }
    }
    let page = format!(
        "Rows of the demo data that clients see / may change / may delete, by the row policies alone; - is no right at all.\n\n{page}\n"
    );
    crate::support::assert_fresh("docs/row-visibility.txt", &page);
}
