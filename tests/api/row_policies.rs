//! The wall in the database: every table has it, it is written down, and it holds alone.

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
fn what_each_client_sees_and_may_change_is_fresh() {
    let database = Cluster::shared().database();
    let mut owner = PgConnection::establish(&database.owner_url).unwrap();
    let tables = texts(
        &mut owner,
        "SELECT relname AS value FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' \
         AND relname <> '__diesel_schema_migrations' ORDER BY 1",
    );
    let mut page = format!("{:<30}{:>6}", "table", "rows");
    for (title, _) in VIEWERS {
        write!(page, "{title:>12}").unwrap();
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
            write!(page, "{:>12}", format!("{} / {}", count(""), count("FOR NO KEY UPDATE"))).unwrap();
        }
    }
    let page = format!(
        "Rows of the demo data that clients see / may change, by the row policies alone; - is no right at all.\n\n{page}\n"
    );
    crate::support::assert_fresh("docs/row-visibility.txt", &page);
}

/// What the database says when a client enters a copy of a row, under another id where it has one.
fn says_to_a_copy(conn: &mut PgConnection, table: &str, row: &str) -> String {
    let columns = texts(
        conn,
        &format!(
            "SELECT string_agg(quote_ident(attname), ', ') AS value FROM pg_attribute \
             WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
        ),
    );
    let (columns, row) = (&columns[0], format!("$row${row}$row$::jsonb"));
    let copy = format!(
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_record(NULL::{table}, \
         CASE WHEN {row} ? 'id' THEN {row} || jsonb_build_object('id', gen_random_uuid()) ELSE {row} END)"
    );
    sql_query(copy).execute(conn).map_or_else(|error| error.to_string(), |entered| format!("{entered} entered"))
}

fn is_refused(said: &str) -> bool {
    // A new placement looks for its offer before its own policy is asked, and finds none that the caller cannot see.
    ["violates row-level security policy", "permission denied", "the offer of a placement is not published"]
        .iter()
        .any(|refusal| said.contains(refusal))
}

/// The same of what is written: a row that is not the caller's to see is not its to enter.
#[test]
fn no_client_enters_a_row_like_those_it_does_not_see() {
    let database = Cluster::shared().database();
    let mut owner = PgConnection::establish(&database.owner_url).unwrap();
    let tables =
        texts(&mut owner, "SELECT DISTINCT tablename::text AS value FROM pg_policies WHERE cmd = 'INSERT' ORDER BY 1");
    let (mut tried, mut entered) = (0, Vec::new());
    for table in tables {
        let rows = format!("SELECT to_jsonb(t)::text AS value FROM {table} t ORDER BY 1");
        let all = texts(&mut owner, &rows);
        for (_, key) in VIEWERS {
            let seen = texts_if_allowed(&mut as_client(&database, key), &rows);
            let Some(foreign) = all.iter().find(|row| !seen.contains(row)) else { continue };
            let said = says_to_a_copy(&mut as_client(&database, key), &table, foreign);
            tried += 1;
            if !is_refused(&said) {
                entered.push(format!("{table} by {key}: {said}"));
            }
        }
    }
    assert!(tried > 200, "{tried} rows");
    assert!(entered.is_empty(), "{entered:#?}");
}

/// What a bureau does in the name of a practice, it does under a mandate, whatever the handlers let through.
#[test]
fn no_bureau_enters_for_a_practice_without_a_mandate() {
    let (database, bureau) = (Cluster::shared().database(), "demo-regio-midden-brabant");
    let mut conn = as_client(&database, bureau);
    let region = texts(&mut conn, "SELECT app_regions()::text AS value");
    let mandated = texts(&mut conn, "SELECT app_mandated('mentors')::text AS value");
    let none = "SELECT set_config('app.mandated_' || scope, '{}', true) AS value \
        FROM unnest(ARRAY['offers', 'placements', 'agreements', 'mentors']) AS scope";
    let mut owner = PgConnection::establish(&database.owner_url).unwrap();
    for (table, which) in [
        ("placement_offers", "true"),
        ("attendance_records", "true"),
        ("agreement_signatures", "party = 'practice' AND on_behalf_of IS NOT NULL"),
        ("mentors", "true"),
    ] {
        let place = if table == "mentors" {
            format!("practice_id = ANY ('{}')", mandated[0])
        } else {
            format!("region_id = ANY ('{}')", region[0])
        };
        let row = format!("SELECT to_jsonb(t)::text AS value FROM {table} t WHERE {place} AND {which} LIMIT 1");
        let Some(row) = texts(&mut owner, &row).pop() else { panic!("no row of {table}") };
        let said = says_to_a_copy(&mut as_client(&database, bureau), table, &row);
        assert!(!said.contains("row-level"), "{table}, with the mandate: {said}");
        let mut conn = as_client(&database, bureau);
        texts(&mut conn, none);
        let said = says_to_a_copy(&mut conn, table, &row);
        assert!(is_refused(&said), "{table}: {said}");
    }
}
