//! Who may hand over a roster, how it comes in, and what happens when something comes between.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use stagepunt::education::roster_imports::Worker;

use super::{NEIGHBOUR, Rosters, counts, ended, reached, roster, upload};
use crate::students::{BUREAU, SCHOOL, School, owner_reads};
use crate::support::TestApp;

#[actix_web::test]
async fn only_a_school_hands_over_rosters_and_sees_only_its_own() {
    let rosters = Rosters::start().await;
    let done = rosters.import("mode=full", &roster("", &["a"], "")).await;
    let path = format!("/v1/roster-imports/{}", done["id"].as_str().unwrap());
    let other = rosters.app.client(NEIGHBOUR).await;
    other.get(&path).await.is_problem(404, "not-found");
    other.get(&format!("{path}/errors")).await.is_problem(404, "not-found");
    other.post(&format!("{path}/transitions"), &json!({ "to": "cancelled" })).await.is_problem(404, "not-found");
    assert!(other.get("/v1/roster-imports").await.is(200).items().is_empty());
    assert_eq!(rosters.school.client.get("/v1/roster-imports?status=done").await.is(200).items().len(), 1);
    let bureau = rosters.app.client(BUREAU).await;
    upload(&bureau, "mode=full", "text/csv", b"x".to_vec()).await.is_problem(403, "scope-missing");
}

#[actix_web::test]
async fn an_upload_is_of_a_known_form_and_not_empty() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    let client = &school.client;
    upload(client, "mode=full", "application/xml", b"<x/>".to_vec()).await.is_problem(415, "unsupported-media-type");
    upload(client, "mode=full", "text/csv; charset=iso-8859-1", b"x".to_vec()).await.is(415);
    upload(client, "mode=half", "text/csv", b"x".to_vec()).await.is_problem(400, "invalid-input");
    upload(client, "dryRun=true", "text/csv", b"x".to_vec()).await.has_fault("/mode", "required");
    upload(client, "mode=full", "text/csv", Vec::new()).await.is_problem(400, "body-empty");
    let zipped = client.request(Method::POST, "/v1/roster-imports?mode=full").header("Content-Type", "text/csv");
    client.send(zipped.header("Content-Encoding", "gzip").body("x")).await.is(415);
    assert_eq!(
        client.get("/v1/roster-imports?status=receiving").await.is(200).items(),
        Vec::<serde_json::Value>::new()
    );
}

#[actix_web::test]
async fn of_many_rosters_of_a_school_at_once_one_is_taken() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    let other = School::of(&app, NEIGHBOUR).await;
    let file = roster("", &["a"], "").into_bytes();
    let answers = join_all((0..4).map(|_| upload(&school.client, "mode=full", "text/csv", file.clone()))).await;
    let taken: Vec<_> = answers.iter().filter(|answer| answer.status == 202).collect();
    assert_eq!(taken.len(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 202) {
        answer.clone().is_problem(409, "import-unfinished");
    }
    upload(&other.client, "mode=full", "text/csv", file.clone()).await.is(202);
    let path = taken[0].header("location");
    let moved = school.client.post(&format!("{path}/transitions"), &json!({ "to": "cancelled" })).await.is(200);
    assert_eq!(moved.json()["status"], "cancelled");
    upload(&school.client, "mode=full", "text/csv", file).await.is(202);
}

#[actix_web::test]
async fn an_upload_that_is_sent_again_is_answered_again() {
    let rosters = Rosters::start().await;
    let client = &rosters.school.client;
    let send = |query: &'static str, body: String| {
        let request = client.request(Method::POST, &format!("/v1/roster-imports?scope=PROEF&{query}"));
        client.send(request.header("Content-Type", "text/csv").header("Idempotency-Key", "nacht-1").body(body))
    };
    let file = roster("", &["a"], "");
    let first = send("mode=full", file.clone()).await.is(202);
    ended(client, &first.header("location")).await;
    let again = send("mode=full", file.clone()).await.is(202);
    assert_eq!((again.body, again.headers.get("location")), (first.body.clone(), first.headers.get("location")));
    send("mode=full", roster("", &["a", "b"], "")).await.is_problem(422, "idempotency-key-reused");
    send("mode=delta", file).await.is_problem(422, "idempotency-key-reused");
    assert_eq!(client.get("/v1/roster-imports").await.is(200).items().len(), 1);
}

#[actix_web::test]
async fn a_large_roster_comes_in_pieces_and_out_whole() {
    let rosters = Rosters::start().await;
    let keys: Vec<String> = (0..30_000).map(|number| format!("student-met-een-lange-sleutel-{number:06}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let file = roster("", &keys, "");
    assert!(file.len() > 1_500_000);
    let done = rosters.import("mode=full", &file).await;
    assert_eq!((done["status"].clone(), counts(&done)), (json!("done"), [30_000, 0, 0, 0, 0]), "{done}");
    assert_eq!(done["sizeBytes"], file.len());
    let again = rosters.import("mode=full", &file).await;
    assert_eq!(counts(&again), [0, 0, 30_000, 0, 0]);
}

#[actix_web::test]
async fn what_a_silent_worker_left_another_takes_over() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    let accepted = upload(&school.client, "mode=full", "text/csv", roster("", &["a"], "").into_bytes()).await.is(202);
    let path = accepted.header("location");
    assert_eq!(accepted.header("retry-after"), "2");
    let job = format!("/v1/jobs/{}", school.client.get("/v1/jobs").await.is(200).text_at("/items/0/id"));
    for unfinished in [&path, &job] {
        assert_eq!(school.client.get(unfinished).await.is(200).header("retry-after"), "2");
    }
    owner_reads(
        &app,
        "UPDATE jobs SET status = 'running', attempts = 1, lease_owner = gen_random_uuid(), \
         lease_until = now() - interval '1 second' WHERE status = 'queued' RETURNING 'x' AS value",
    );
    owner_reads(&app, "UPDATE roster_imports SET status = 'running' WHERE status = 'queued' RETURNING 'x' AS value");
    let _worker = Worker::start(&app.db).unwrap();
    let done = ended(&school.client, &path).await;
    assert_eq!((done["status"].clone(), counts(&done)), (json!("done"), [1, 0, 0, 0, 0]));
    for finished in [&path, &job] {
        assert_eq!(school.client.get(finished).await.is(200).headers.get("retry-after"), None);
    }
}

#[actix_web::test]
async fn an_upload_whose_last_write_is_refused_leaves_the_place_free() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    let mut owner = app.database.owner();
    let trap = "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                RAISE EXCEPTION 'canceling statement due to statement timeout' USING ERRCODE = 'query_canceled'; END $$; \
                CREATE TRIGGER trap BEFORE UPDATE ON roster_imports FOR EACH ROW \
                WHEN (NEW.status = 'queued') EXECUTE FUNCTION trap();";
    owner.batch_execute(trap).unwrap();
    let send = || {
        let request = school.client.request(Method::POST, "/v1/roster-imports?scope=PROEF&mode=full");
        let request = request.header("Content-Type", "text/csv").header("Idempotency-Key", "nacht-2");
        school.client.send(request.body(roster("", &["a"], "")))
    };
    send().await.is_problem(503, "overloaded");
    let ended = "SELECT concat_ws(' ', i.status, i.error_code, j.status) AS value FROM roster_imports i JOIN jobs j ON j.id = i.job_id \
                 WHERE i.error_code = 'upload-broken-off'";
    assert_eq!(owner_reads(&app, ended), ["failed upload-broken-off failed"]);
    send().await.is_problem(503, "overloaded");
    owner.batch_execute("DROP TRIGGER trap ON roster_imports").unwrap();
    send().await.is(202);
}

#[actix_web::test]
async fn an_import_that_is_cancelled_at_work_leaves_the_old_roster() {
    let rosters = Rosters::start().await;
    let client = &rosters.school.client;
    rosters.import("mode=full", &roster("", &["a", "b"], "")).await;
    let before = rosters.students();
    let mut holder = PgConnection::establish(&rosters.app.database.owner_url).unwrap();
    holder.batch_execute("BEGIN; SELECT FROM students WHERE sourced_id = 'a' FOR UPDATE").unwrap();
    let file = roster(",prefix", &["a", "b", "c"], ",van").into_bytes();
    let accepted = upload(client, "mode=full", "text/csv", file.clone()).await.is(202);
    let path = accepted.header("location");
    reached(client, &path, |status| status == "running").await;
    assert_eq!(rosters.students(), before, "while it is at work everybody sees the old roster");
    client.post(&format!("{path}/transitions"), &json!({ "to": "cancelled" })).await.is(200);
    holder.batch_execute("ROLLBACK").unwrap();
    let next = rosters.import_as("mode=delta", "text/csv", file).await;
    assert_eq!(counts(&next), [1, 2, 0, 0, 0], "nothing of the cancelled one took effect");
    assert_eq!(client.get(&path).await.is(200).json()["status"], "cancelled");
}

#[actix_web::test]
async fn a_roster_waits_while_a_student_is_changed_by_hand_and_sees_the_change() {
    let rosters = Rosters::start().await;
    rosters.import("mode=full", &roster("", &["a"], "")).await;
    let mut holder = PgConnection::establish(&rosters.app.database.owner_url).unwrap();
    holder
        .batch_execute("BEGIN; UPDATE students SET study_year = 3, version = version + 1 WHERE sourced_id = 'a'")
        .unwrap();
    let file = roster(",maxTravelMinutes", &["a"], ",30").into_bytes();
    let accepted = upload(&rosters.school.client, "mode=delta", "text/csv", file).await.is(202);
    let path = accepted.header("location");
    reached(&rosters.school.client, &path, |status| status == "running").await;
    holder.batch_execute("COMMIT").unwrap();
    assert_eq!(ended(&rosters.school.client, &path).await["status"], "done");
    let kept =
        "SELECT concat_ws(' ', study_year, max_travel_minutes, version) AS value FROM students WHERE sourced_id = 'a'";
    assert_eq!(owner_reads(&rosters.app, kept), ["3 30 3"]);
}

#[actix_web::test]
async fn an_import_that_is_killed_at_work_leaves_the_old_roster_and_is_done_again() {
    let rosters = Rosters::start().await;
    rosters.import("mode=full", &roster("", &["a", "b"], "")).await;
    let before = rosters.students();
    let mut holder = PgConnection::establish(&rosters.app.database.owner_url).unwrap();
    holder.batch_execute("BEGIN; SELECT FROM students WHERE sourced_id = 'a' FOR UPDATE").unwrap();
    let file = roster(",prefix", &["a", "b", "c"], ",van").into_bytes();
    let accepted = upload(&rosters.school.client, "mode=full", "text/csv", file).await.is(202);
    let kill = "SELECT pg_terminate_backend(pid)::text AS value FROM pg_stat_activity \
                WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let mut killed = Vec::new();
    while killed.is_empty() {
        killed = owner_reads(&rosters.app, kill);
    }
    assert_eq!(rosters.students(), before);
    holder.batch_execute("ROLLBACK").unwrap();
    let done = ended(&rosters.school.client, &accepted.header("location")).await;
    assert_eq!((done["status"].clone(), counts(&done)), (json!("done"), [1, 2, 0, 0, 0]), "{done}");
    assert_eq!(rosters.students(), ["a active 2", "b active 2", "c active 1"]);
}
