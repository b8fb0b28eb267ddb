//! Each failure of the database, provoked: the kind the caller hears, the promise that goes with
//! it, and that nothing happened. Never a 500.

mod statements;

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::sql_types::{BigInt, Text};
use diesel::{PgConnection, QueryableByName, RunQueryDsl as _, sql_query};
use futures_util::future::join;
use serde_json::json;

use crate::support::{Answer, Setting, TestApp, TestClient};

const BUREAU: &str = "demo-regio-midden-brabant";

/// A service on one connection, with an initiative that its bureau may change.
struct Trouble {
    app: TestApp,
    bureau: TestClient,
    id: String,
    owner: PgConnection,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn number(owner: &mut PgConnection, sql: &str) -> i64 {
    let found: Number = sql_query(sql).get_result(owner).unwrap_or_else(|error| panic!("{sql}: {error}"));
    found.number
}

/// The app login's connection that waits for a lock, as soon as there is one.
async fn waiting(watcher: &mut PgConnection) -> i64 {
    const LOOK: &str = "SELECT coalesce(max(pid), 0)::bigint AS number FROM pg_stat_activity \
                        WHERE datname = current_database() AND usename = 'stagepunt_app' AND wait_event_type = 'Lock'";
    let began = std::time::Instant::now();
    loop {
        match number(watcher, LOOK) {
            0 => assert!(began.elapsed() < Duration::from_secs(10), "nothing waits"),
            pid => return pid,
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

impl Trouble {
    async fn with(settings: &[&str]) -> Self {
        let app = TestApp::with(Setting { connections: 1, ..Setting::default() }).await;
        let bureau = app.client(BUREAU).await;
        let region = bureau.get("/v1/me").await.is(200).text_at("/regions/0/id");
        let listed = bureau.get(&format!("/v1/initiatives?regionId={region}&status=running")).await.is(200);
        let id = listed.text_at("/items/0/id");
        for setting in settings {
            app.database.set(setting);
        }
        let owner = app.database.owner();
        Self { app, bureau, id, owner }
    }

    fn path(&self) -> String {
        format!("/v1/initiatives/{}", self.id)
    }

    async fn change(&self) -> Answer {
        self.bureau.patch(&self.path(), "*", &json!({ "summary": "Nooit opgeslagen" })).await
    }

    /// The owner takes the row and keeps it.
    fn hold(&mut self) {
        let sql = format!("BEGIN; SELECT FROM initiatives WHERE id = '{}' FOR UPDATE", self.id);
        self.owner.batch_execute(&sql).unwrap();
    }

    /// What the change met, while the owner held the row and did `meanwhile` to the waiting connection.
    async fn held_while(&mut self, meanwhile: impl FnOnce(&mut PgConnection, i64)) -> Answer {
        self.hold();
        let mut watcher = self.app.database.owner();
        let act = async {
            let pid = waiting(&mut watcher).await;
            meanwhile(&mut watcher, pid);
        };
        let (answer, ()) = join(self.change(), act).await;
        self.owner.batch_execute("ROLLBACK").unwrap();
        answer
    }

    /// Demands that no trace of the change is there, and that the next one goes through.
    async fn leaves_nothing(mut self) {
        let changed = "SELECT count(*) AS number FROM initiatives WHERE summary = 'Nooit opgeslagen'";
        assert_eq!(number(&mut self.owner, changed), 0);
        self.app.database.end_connections();
        self.change().await.is(200);
    }
}

/// 503 with its code, and when to come back.
#[track_caller]
fn is_unavailable(answer: Answer, code: &str) {
    assert_eq!(answer.is_problem(503, code).header("retry-after"), "2");
}

#[actix_web::test]
async fn a_row_that_is_held_too_long_is_a_409() {
    let mut trouble = Trouble::with(&["lock_timeout = '100ms'"]).await;
    trouble.held_while(|_, _| ()).await.is_problem(409, "request-in-progress");
    trouble.leaves_nothing().await;
}

#[actix_web::test]
async fn a_statement_that_takes_too_long_is_a_503() {
    let mut trouble = Trouble::with(&["lock_timeout = '0'", "statement_timeout = '200ms'"]).await;
    is_unavailable(trouble.held_while(|_, _| ()).await, "overloaded");
    trouble.leaves_nothing().await;
}

#[actix_web::test]
async fn a_cancelled_statement_is_a_503() {
    let mut trouble = Trouble::with(&[]).await;
    let answer = trouble
        .held_while(|watcher, pid| watcher.batch_execute(&format!("SELECT pg_cancel_backend({pid})")).unwrap())
        .await;
    is_unavailable(answer, "overloaded");
    trouble.leaves_nothing().await;
}

/// A caller's settings are the second statement of the batch that begins a transaction.
#[actix_web::test]
async fn a_transaction_that_fails_as_it_begins_does_not_spoil_its_connection() {
    const SETTER: &str = "EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean)";
    let mut trouble = Trouble::with(&[]).await;
    trouble.change().await.is(200);
    trouble.owner.batch_execute(&format!("REVOKE {SETTER} FROM PUBLIC")).unwrap();
    trouble.app.db.forget_standings();
    assert_eq!(trouble.change().await.status, 500, "while its standing is read");
    trouble.owner.batch_execute(&format!("GRANT {SETTER} TO PUBLIC")).unwrap();
    trouble.change().await.is(200);
    trouble.owner.batch_execute(&format!("REVOKE {SETTER} FROM PUBLIC")).unwrap();
    assert_eq!(trouble.change().await.status, 500, "in its own name");
    trouble.owner.batch_execute(&format!("GRANT {SETTER} TO PUBLIC")).unwrap();
    trouble.change().await.is(200);
}

#[actix_web::test]
async fn a_connection_that_is_ended_is_a_503_and_the_next_request_has_a_new_one() {
    let mut trouble = Trouble::with(&[]).await;
    let answer = trouble
        .held_while(|watcher, pid| watcher.batch_execute(&format!("SELECT pg_terminate_backend({pid})")).unwrap())
        .await;
    is_unavailable(answer, "database-unavailable");
    trouble.change().await.is(200);
}

#[actix_web::test]
async fn two_that_wait_for_each_other_are_told_apart_by_a_409() {
    // Only a deadlock ends this wait in time, and only the service's connection looks for one.
    let settings = ["lock_timeout = '0'", "statement_timeout = '8s'", "deadlock_timeout = '10ms'"];
    let mut trouble = Trouble::with(&settings).await;
    let mut gate = trouble.app.database.owner();
    gate.batch_execute("SELECT pg_advisory_lock(1)").unwrap();
    let trap = "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                PERFORM pg_advisory_xact_lock_shared(1); PERFORM pg_advisory_xact_lock_shared(2); RETURN NEW; END $$; \
                CREATE TRIGGER trap BEFORE UPDATE ON initiatives FOR EACH ROW \
                WHEN (current_user = 'stagepunt_app') EXECUTE FUNCTION trap();";
    trouble.owner.batch_execute(trap).unwrap();
    trouble.owner.batch_execute("SET deadlock_timeout = '1min'; BEGIN; SELECT pg_advisory_xact_lock(2)").unwrap();
    let Trouble { app, bureau, id, mut owner } = trouble;
    let path = format!("/v1/initiatives/{id}");
    let body = json!({ "summary": "Nooit opgeslagen" });
    let request = bureau.patch(&path, "*", &body);
    let mut watcher = app.database.owner();
    let cross = async {
        waiting(&mut watcher).await;
        // The row is the request's now; the owner, who has what the request wants next, wants the row.
        let other = std::thread::spawn(move || {
            let wanted = format!("SELECT FROM initiatives WHERE id = '{id}' FOR UPDATE");
            owner.batch_execute(&wanted).map(|()| owner.batch_execute("ROLLBACK"))
        });
        let crossed = "SELECT count(*) AS number FROM pg_stat_activity \
                       WHERE datname = current_database() AND usename <> 'stagepunt_app' AND wait_event_type = 'Lock'";
        while number(&mut watcher, crossed) == 0 {
            assert!(!other.is_finished(), "the owner did not have to wait");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        gate.batch_execute("SELECT pg_advisory_unlock(1)").unwrap();
        other
    };
    let (answer, other) = join(request, cross).await;
    answer.is_problem(409, "request-in-progress");
    other.join().unwrap().unwrap().unwrap();
    let changed = "SELECT count(*) AS number FROM initiatives WHERE summary = 'Nooit opgeslagen'";
    assert_eq!(number(&mut watcher, changed), 0);
}

#[actix_web::test]
async fn a_change_under_ones_feet_is_a_409() {
    let mut trouble = Trouble::with(&["default_transaction_isolation = 'repeatable read'"]).await;
    let sql = format!("BEGIN; UPDATE initiatives SET version = version + 1 WHERE id = '{}'", trouble.id);
    trouble.owner.batch_execute(&sql).unwrap();
    let mut watcher = trouble.app.database.owner();
    let (app, bureau, path) = (&trouble.app, &trouble.bureau, trouble.path());
    let owner = &mut trouble.owner;
    let body = json!({ "summary": "Nooit opgeslagen" });
    let commit = async {
        waiting(&mut watcher).await;
        owner.batch_execute("COMMIT").unwrap();
    };
    let (answer, ()) = join(bureau.patch(&path, "*", &body), commit).await;
    answer.is_problem(409, "request-in-progress");
    app.database.end_connections();
    trouble.owner = trouble.app.database.owner();
    trouble.leaves_nothing().await;
}

#[actix_web::test]
async fn a_database_that_takes_no_more_connections_is_a_503() {
    let trouble = Trouble::with(&[]).await;
    // The owner is a superuser: the limit holds for the service alone.
    trouble.app.database.alter("CONNECTION LIMIT 0");
    trouble.app.database.end_connections();
    is_unavailable(trouble.change().await, "database-unavailable");
    is_unavailable(trouble.bureau.get(&trouble.path()).await, "database-unavailable");
    trouble.app.database.alter("CONNECTION LIMIT -1");
    let trouble = Trouble { owner: trouble.app.database.owner(), ..trouble };
    trouble.leaves_nothing().await;
}

#[actix_web::test]
async fn a_request_that_finds_every_connection_busy_is_a_503() {
    let mut trouble = Trouble::with(&["lock_timeout = '5s'"]).await;
    trouble.hold();
    let mut watcher = trouble.app.database.owner();
    let (bureau, path, owner) = (&trouble.bureau, trouble.path(), &mut trouble.owner);
    let body = json!({ "summary": "Opgeslagen" });
    let second = async {
        waiting(&mut watcher).await;
        let answer = bureau.get("/v1/regions").await;
        owner.batch_execute("ROLLBACK").unwrap();
        answer
    };
    let (first, second) = join(bureau.patch(&path, "*", &body), second).await;
    first.is(200);
    is_unavailable(second, "overloaded");
}

#[actix_web::test]
async fn a_connection_lost_at_commit_is_a_504_and_the_same_key_tells_the_truth() {
    let mut trouble = Trouble::with(&[]).await;
    let trap = "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                PERFORM pg_advisory_xact_lock_shared(1); RETURN NULL; END $$; \
                CREATE CONSTRAINT TRIGGER trap AFTER INSERT ON initiatives DEFERRABLE INITIALLY DEFERRED \
                FOR EACH ROW EXECUTE FUNCTION trap(); SELECT pg_advisory_lock(1);";
    trouble.owner.batch_execute(trap).unwrap();
    let me = trouble.bureau.get("/v1/me").await.is(200);
    let new = json!({
        "code": "onzeker", "title": "Onzeker",
        "regionId": me.text_at("/regions/0/id"), "leadOrganisationId": me.text_at("/organisation/id"),
    });
    let mut watcher = trouble.app.database.owner();
    let end = async {
        let pid = waiting(&mut watcher).await;
        watcher.batch_execute(&format!("SELECT pg_terminate_backend({pid})")).unwrap();
    };
    let (answer, ()) = join(trouble.bureau.post_once("/v1/initiatives", "onzeker", &new), end).await;
    answer.is_problem(504, "outcome-unknown");
    trouble.owner.batch_execute("SELECT pg_advisory_unlock(1)").unwrap();
    trouble.bureau.post_once("/v1/initiatives", "onzeker", &new).await.is(201);
    assert_eq!(number(&mut trouble.owner, "SELECT count(*) AS number FROM initiatives WHERE code = 'onzeker'"), 1);
}

#[actix_web::test]
async fn a_database_that_only_takes_reads_is_a_503_for_writes() {
    let trouble = Trouble::with(&["default_transaction_read_only = 'on'"]).await;
    is_unavailable(trouble.change().await, "read-only");
    let new = json!({ "code": "nooit", "title": "Nooit", "regionId": uuid::Uuid::now_v7(), "leadOrganisationId": uuid::Uuid::now_v7() });
    is_unavailable(trouble.bureau.post("/v1/initiatives", &new).await, "read-only");
    is_unavailable(trouble.bureau.post_once("/v1/initiatives", "nooit", &new).await, "read-only");
    trouble.bureau.get(&trouble.path()).await.is(200);
    trouble.app.database.set("default_transaction_read_only = 'off'");
    let trouble = Trouble { owner: trouble.app.database.owner(), ..trouble };
    trouble.leaves_nothing().await;
}

#[actix_web::test]
async fn a_row_that_the_policies_refuse_is_a_403() {
    let app = TestApp::start().await;
    let school = app.client("demo-school-roc-tilburg").await;
    let elsewhere = app.client("demo-regio-zeeland").await.get("/v1/me").await.is(200);
    let own = school.get("/v1/me").await.is(200).text_at("/organisation/id");
    let new = json!({
        "code": "elders", "title": "Elders",
        "regionId": elsewhere.text_at("/regions/0/id"), "leadOrganisationId": own,
    });
    school.post("/v1/initiatives", &new).await.is_problem(403, "not-permitted-on-resource");
    let written = "SELECT count(*) AS number FROM initiatives WHERE code = 'elders'";
    assert_eq!(number(&mut app.database.owner(), written), 0);
}

/// The table is empty in the demo world, so its file can become one that is always full: every
/// write to `/dev/full` fails as on a full disk.
#[cfg(target_os = "linux")]
#[actix_web::test]
async fn a_full_disk_is_a_503_and_reading_goes_on() {
    #[derive(QueryableByName)]
    struct File {
        #[diesel(sql_type = Text)]
        path: String,
    }
    let app = TestApp::start().await;
    let platform = app.client("demo-platform").await;
    let new = crate::token_issuers::wanted(&app.organisation_of("demo-school-albeda").await);
    let mut owner = app.database.owner();
    assert_eq!(number(&mut owner, "SELECT count(*) AS number FROM issuers"), 0);
    let look = "SELECT current_setting('data_directory') || '/' || pg_relation_filepath('issuers') AS path";
    let file: File = sql_query(look).get_result(&mut owner).unwrap();
    drop(owner);
    app.database.end_connections();
    std::fs::remove_file(&file.path).unwrap();
    std::os::unix::fs::symlink("/dev/full", &file.path).unwrap();

    is_unavailable(platform.post("/v1/token-issuers", &new).await, "storage-full");
    platform.get("/v1/token-issuers").await.is(200);
    platform.get("/v1/organisations").await.is(200);
    let audited = "SELECT count(*) AS number FROM audit_events WHERE resource_type = 'token-issuer'";
    assert_eq!(number(&mut app.database.owner(), audited), 0);
}
