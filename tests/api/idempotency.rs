//! `Idempotency-Key`, where it once was not understood.

use serde_json::json;

use crate::support::TestApp;
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
