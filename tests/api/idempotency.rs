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
