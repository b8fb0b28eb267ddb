//! What is written: a row that is not a client's to see is not its to enter, nor to move or to delete.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection, PgConnection, RunQueryDsl, sql_query};

use super::VIEWERS;
use crate::support::{Cluster, as_client, texts, texts_if_allowed};

/// How many rows the policies let a client delete, each tried alone and undone; `-` without the right.
/// What a constraint or trigger refuses afterwards, the policies had let through.
pub fn deletable(conn: &mut PgConnection, table: &str) -> String {
    if texts(conn, &format!("SELECT has_table_privilege('{table}', 'DELETE')::text AS value")) == ["false"] {
        return "-".to_owned();
    }
    conn.batch_execute(&format!(
        "DO $$ DECLARE one tid; deleted int := 0; BEGIN \
            FOR one IN SELECT ctid FROM {table} LOOP \
                BEGIN \
                    DELETE FROM {table} WHERE ctid = one; \
                    IF FOUND THEN RAISE 'undone'; END IF; \
                EXCEPTION WHEN raise_exception OR integrity_constraint_violation THEN deleted := deleted + 1; \
                END; \
            END LOOP; \
            PERFORM set_config('test.deleted', deleted::text, true); \
        END $$"
    ))
    .unwrap();
    texts(conn, "SELECT current_setting('test.deleted') AS value").remove(0)
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

/// A row of its own that a client moves to somebody else's, by any of the columns that say whose it is:
/// whether a right, a policy, a trigger or a constraint keeps it.
#[test]
fn no_client_moves_a_row_out_of_its_hands() {
    let database = Cluster::shared().database();
    let mut owner = PgConnection::establish(&database.owner_url).unwrap();
    let columns = texts(
        &mut owner,
        "SELECT c.table_name || '.' || c.column_name AS value FROM information_schema.columns c \
         WHERE c.table_schema = 'public' AND c.udt_name = 'uuid' AND c.column_name LIKE '%_id' \
         AND EXISTS (SELECT FROM pg_policies p WHERE p.tablename = c.table_name AND p.cmd = 'UPDATE') ORDER BY 1",
    );
    let (mut refused, mut moved) = (0, Vec::new());
    for (table, column) in columns.iter().filter_map(|name| name.split_once('.')) {
        let values =
            format!("SELECT DISTINCT {column}::text AS value FROM {table} WHERE {column} IS NOT NULL ORDER BY 1");
        let all = texts(&mut owner, &values);
        for (_, key) in VIEWERS {
            let mut conn = as_client(&database, key);
            // Of rows that it may see it may still not change all.
            let own = format!("SELECT {column}::text AS value, ctid FROM {table} FOR NO KEY UPDATE");
            let held = texts_if_allowed(&mut conn, &format!("SELECT DISTINCT value FROM ({own}) AS own"));
            let Some(foreign) = all.iter().find(|value| !held.contains(value)) else { continue };
            let place = texts_if_allowed(&mut conn, &format!("SELECT ctid::text AS value FROM ({own}) AS own LIMIT 1"));
            let Some(place) = place.first() else { continue };
            let update = format!("UPDATE {table} SET {column} = '{foreign}' WHERE ctid = '{place}'");
            if sql_query(update).execute(&mut conn).is_err() {
                refused += 1;
                continue;
            }
            let still = format!("SELECT 1::text AS value FROM {table} WHERE {column} = '{foreign}' FOR NO KEY UPDATE");
            if texts(&mut conn, &still).is_empty() {
                moved.push(format!("{table}.{column} by {key}"));
            }
        }
    }
    assert!(refused > 100, "only {refused} moves were refused");
    assert!(moved.is_empty(), "{moved:#?}");
}
