//! The same for statements that no request sends today: what a door makes of them.

use std::time::Duration;

use actix_web::http::header::RETRY_AFTER;
use diesel::connection::SimpleConnection as _;
use diesel::sql_types::{Integer, Text};
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};
use stagepunt::db::{Conn, Job};
use stagepunt::http::problem::Occasion;

use super::{BUREAU, number};
use crate::support::TestApp;

/// What a door answers when this statement runs in it: status, code, and when to come back.
async fn door(app: &TestApp, sql: &'static str) -> (u16, &'static str, Option<String>) {
    let work = move |conn: &mut Conn| Ok(conn.batch_execute(sql)?);
    let error = app.db.run_as_system(Job::WorkJobs, work).await.unwrap_err();
    let response = error.response(&Occasion::default());
    let retry_after = response.headers().get(RETRY_AFTER).map(|value| value.to_str().unwrap().to_owned());
    (response.status().as_u16(), error.rule().code, retry_after)
}

#[actix_web::test]
async fn values_at_the_edge_of_what_can_be_stored_are_a_400() {
    let app = TestApp::start().await;
    for sql in [
        "SELECT 2147483647 + 1",
        "SELECT 32767::smallint + 1::smallint",
        "SELECT 9223372036854775807 + 1",
        "SELECT '99999999999'::integer",
        "SELECT 1e400::double precision",
        "SELECT (1e10)::numeric(5, 2)",
        "SELECT '5874898-01-01'::date",
        "SELECT '294277-01-01'::timestamptz",
        "SELECT make_date(2018, 2, 30)",
        "SELECT 'epoch'::date + 2147483647",
        "SELECT '2018-02-30'::date",
        "SELECT convert_from('\\xc3', 'UTF8')",
        "SELECT convert_from('\\x00', 'UTF8')",
        "SELECT '\"\\u0000\"'::jsonb",
    ] {
        assert_eq!(door(&app, sql).await, (400, "out-of-range", None), "{sql}");
    }
    // As diesel sends a text: the driver itself does not look for it.
    let error = app
        .db
        .run_as_system(Job::WorkJobs, |conn| Ok(sql_query("SELECT $1").bind::<Text, _>("a\0b").execute(conn)?))
        .await
        .unwrap_err();
    assert_eq!(error.rule().code, "out-of-range");
}

#[actix_web::test]
async fn more_room_than_a_query_may_take_is_a_503() {
    let app = TestApp::start().await;
    app.database.set("temp_file_limit = '64kB'");
    app.database.set("work_mem = '64kB'");
    let sql = "SELECT count(*) FROM (SELECT n FROM generate_series(1, 100000) n ORDER BY n DESC OFFSET 1) sorted";
    assert_eq!(door(&app, sql).await, (503, "storage-full", Some("2".to_owned())));
}

#[actix_web::test]
async fn a_transaction_that_idles_too_long_is_a_503() {
    #[derive(QueryableByName)]
    struct Backend {
        #[diesel(sql_type = Integer)]
        pid: i32,
    }
    let app = TestApp::start().await;
    app.database.set("idle_in_transaction_session_timeout = '20ms'");
    let mut watcher = app.database.owner();
    let error = app
        .db
        .run_as_system(Job::WorkJobs, move |conn| {
            let backend: Backend = sql_query("SELECT pg_backend_pid() AS pid").get_result(conn)?;
            let there = format!("SELECT count(*) AS number FROM pg_stat_activity WHERE pid = {}", backend.pid);
            while number(&mut watcher, &there) > 0 {
                std::thread::sleep(Duration::from_millis(2));
            }
            Ok(conn.batch_execute("SELECT 1")?)
        })
        .await
        .unwrap_err();
    assert_eq!(error.rule().code, "database-unavailable");
    app.client(BUREAU).await.get("/v1/regions").await.is(200);
}

/// A pooler between service and database tells in answer to a statement what `PostgreSQL` says
/// when a connection is made; here the database itself says it.
#[actix_web::test]
async fn what_a_pooler_passes_on_is_a_503() {
    let app = TestApp::start().await;
    for (sql, code) in [
        ("DO $$ BEGIN RAISE 'sorry, too many clients already' USING ERRCODE = '53300'; END $$", "overloaded"),
        (
            "DO $$ BEGIN RAISE 'remaining connection slots are reserved for non-replication superuser connections' \
             USING ERRCODE = '53300'; END $$",
            "overloaded",
        ),
        (
            "DO $$ BEGIN RAISE 'the database system is starting up' USING ERRCODE = '57P03'; END $$",
            "database-unavailable",
        ),
    ] {
        assert_eq!(door(&app, sql).await, (503, code, Some("2".to_owned())), "{sql}");
    }
}

#[actix_web::test]
async fn what_stands_in_the_way_is_a_409() {
    let app = TestApp::start().await;
    for (sql, code) in [
        ("CREATE TEMP TABLE t (n int PRIMARY KEY); INSERT INTO t VALUES (1), (1)", "duplicate"),
        (
            "CREATE TEMP TABLE t (r int4range, EXCLUDE USING gist (r WITH &&)); INSERT INTO t VALUES ('[1,3)'), ('[2,4)')",
            "duplicate",
        ),
        (
            "CREATE TEMP TABLE t (n int PRIMARY KEY, m int REFERENCES t ON DELETE RESTRICT); INSERT INTO t VALUES (1, 1), (2, 1); DELETE FROM t WHERE n = 1",
            "still-referred-to",
        ),
        (
            "CREATE TEMP TABLE t (n int PRIMARY KEY, m int REFERENCES t); INSERT INTO t VALUES (1, 2)",
            "still-referred-to",
        ),
    ] {
        assert_eq!(door(&app, sql).await, (409, code, None), "{sql}");
    }
}
