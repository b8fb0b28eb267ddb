//! `Idempotency-Key`, where it once was not understood.

use diesel::connection::SimpleConnection as _;
use serde_json::json;
use stagepunt::http::idempotency::LAPSED_KEYS;

use crate::students::owner_reads;
use crate::support::{Recorder, Setting, TestApp};
use crate::walk::{WALKERS, Walk, absent, role_of};

#[actix_web::test]
async fn a_key_is_taken_on_paths_with_several_parameters() {
    let app = TestApp::start().await;
    let bureau = app.client("demo-regio-midden-brabant").await;
    let nowhere = uuid::Uuid::now_v7();
    for collection in ["initiatives", "mandates"] {
        let path = format!("/v1/{collection}/{nowhere}/transitions/{nowhere}/corrections");
        let correction = json!({ "note": "Verkeerde dag", "effectiveOn": "2018-09-03" });
        bureau.post_once(&path, collection, &correction).await.is_problem(404, "not-found");
    }
}

/// Moves all that is remembered so many hours into the past.
fn grow_old(app: &TestApp, hours: u8) {
    let back = format!("UPDATE idempotency_keys SET expires_at = expires_at - interval '{hours} hours'");
    app.database.owner().batch_execute(&back).unwrap();
}

#[actix_web::test]
async fn a_key_is_remembered_for_72_hours() {
    let app = TestApp::start().await;
    let bureau = app.client("demo-regio-midden-brabant").await;
    let body = json!({ "name": "Voorbeeldpraktijk Sleutel", "kinds": ["practice"] });
    let first = bureau.post_once("/v1/organisations", "sleutel", &body).await.is(201);
    grow_old(&app, 71);
    assert_eq!(LAPSED_KEYS.run(&app.db).await.unwrap(), 0);
    let again = bureau.post_once("/v1/organisations", "sleutel", &body).await.is(201);
    assert_eq!(again.text_at("/id"), first.text_at("/id"));
    grow_old(&app, 2);
    let anew = bureau.post_once("/v1/organisations", "sleutel", &body).await.is(201);
    assert_ne!(anew.text_at("/id"), first.text_at("/id"), "it is forgotten, swept or not");
}

#[actix_web::test]
async fn lapsed_keys_are_swept_in_batches_and_past_those_that_are_held() {
    let app = TestApp::with(Setting { connections: 1, ..Setting::default() }).await;
    let bureau = app.client("demo-regio-midden-brabant").await;
    let kept = json!({ "name": "Voorbeeldpraktijk Blijft", "kinds": ["practice"] });
    bureau.post_once("/v1/organisations", "blijft", &kept).await.is(201);
    let many = "INSERT INTO idempotency_keys (client_id, key_hash, operation, request_hash, expires_at) \
                SELECT id, sha256(n::text::bytea), 'oud', sha256(''), now() - interval '1 minute' \
                FROM generate_series(1, 2500) n, (SELECT id FROM clients LIMIT 1) c";
    let mut owner = app.database.owner();
    owner.batch_execute(many).unwrap();
    owner.batch_execute("BEGIN; SELECT FROM idempotency_keys WHERE key_hash = sha256('7') FOR UPDATE").unwrap();
    let recorder = Recorder::of(&app).await;
    assert_eq!(LAPSED_KEYS.run(&app.db).await.unwrap(), 2499);
    let batches = recorder.take().iter().filter(|sent| sent.starts_with("DELETE")).count();
    assert_eq!(batches, 4, "a thousand at a time, until there is nothing left");
    owner.batch_execute("ROLLBACK").unwrap();
    assert_eq!(LAPSED_KEYS.run(&app.db).await.unwrap(), 1);
    let left = "SELECT count(*)::text AS value FROM idempotency_keys WHERE expires_at > now()";
    assert_ne!(owner_reads(&app, left), ["0"]);
}

#[actix_web::test]
async fn what_demands_a_key_is_refused_without_one() {
    let mut walk = Walk::start().await;
    let mut refused = 0;
    for mut operation in std::mem::take(&mut walk.operations) {
        if !operation.wants("Idempotency-Key") {
            continue;
        }
        let key = WALKERS.into_iter().find(|key| operation.allows(&role_of(key))).unwrap();
        let caller = walk.app.client(key).await;
        walk.send(&caller, &operation, &absent(&operation), "").await.is_problem(404, "not-found");
        operation.headers.clear();
        walk.send(&caller, &operation, &absent(&operation), "").await.is_problem(400, "idempotency-key-required");
        refused += 1;
    }
    assert!(refused >= 2, "only {refused} operations demand a key");
}
