//! `Idempotency-Key`, where it once was not understood.

use serde_json::json;

use crate::support::TestApp;

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
async fn a_signature_demands_a_key() {
    let app = TestApp::start().await;
    let school = app.client("demo-school-albeda").await;
    let nowhere = uuid::Uuid::now_v7();
    let path = format!("/v1/placements/{nowhere}/agreements/{nowhere}/signatures");
    let body = json!({ "party": "school", "method": "e-signature" });
    school.post(&path, &body).await.is_problem(400, "idempotency-key-required");
    school.post_keyed(&path, &body).await.is_problem(404, "not-found");
}
