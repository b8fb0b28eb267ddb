//! The database as a client of the demo world meets it: its login and its identity, no guards.

use diesel::connection::SimpleConnection;
use diesel::sql_types::{Nullable, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query};

use super::{Cluster, Database};

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = Nullable<Text>)]
    value: Option<String>,
}

/// The column `value` of what a query finds.
#[track_caller]
pub fn texts(conn: &mut PgConnection, sql: &str) -> Vec<String> {
    found(conn, sql).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// The same; what the caller may not even ask for is empty.
pub fn texts_if_allowed(conn: &mut PgConnection, sql: &str) -> Vec<String> {
    found(conn, sql).unwrap_or_default()
}

fn found(conn: &mut PgConnection, sql: &str) -> diesel::QueryResult<Vec<String>> {
    let rows: Vec<One> = sql_query(sql).load(conn)?;
    Ok(rows.into_iter().filter_map(|row| row.value).collect())
}

/// What practices can give a mandate for, as the settings and `client_standing` name it.
const MANDATED: [&str; 7] =
    ["hosting_intents", "offers", "placements", "agreements", "mentors", "subsidy_applications", "employment"];

/// A connection of the app login with a client's identity, within one transaction that is never committed.
pub fn as_client(database: &Database, key: &str) -> PgConnection {
    let client = &Cluster::shared().clients.iter().find(|client| client.key == key).unwrap().client_id;
    let mut conn = PgConnection::establish(&database.app_url).unwrap();
    conn.batch_execute(
        "BEGIN; SELECT set_config('app.actor_kind', 'job', true), set_config('app.job', 'sign-in', true)",
    )
    .unwrap();
    let mandated = MANDATED.map(|scope| format!("set_config('app.mandated_{scope}', {scope}::text, true)")).join(", ");
    let standing = format!(
        "SELECT concat(set_config('app.regions', regions::text, true), {mandated}) AS value FROM client_standing('{client}')"
    );
    texts(&mut conn, &standing);
    let who = format!(
        "SELECT set_config('app.organisation', organisation_id::text, true) || set_config('app.role', role, true) AS value \
         FROM clients WHERE id = '{client}'"
    );
    texts(&mut conn, &who);
    conn.batch_execute(&format!(
        "SELECT set_config('app.actor_kind', 'client', true), set_config('app.job', '', true), \
         set_config('app.client', '{client}', true)"
    ))
    .unwrap();
    conn
}

/// The same with nobody's identity in particular, as the public catalogue is read.
pub fn as_public(database: &Database) -> PgConnection {
    let mut conn = PgConnection::establish(&database.app_url).unwrap();
    conn.batch_execute("BEGIN; SELECT set_config('app.actor_kind', 'public', true)").unwrap();
    conn
}
