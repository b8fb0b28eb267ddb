//! What callers hear when things break: 503 means it has certainly not happened.

use std::time::{Duration, Instant};

use serde_json::json;
use stagepunt::config::Limits;

use crate::support::{Cluster, Setting, TestApp};

#[actix_web::test]
async fn without_its_database_the_service_says_503_and_when_to_come_back() {
    let app = TestApp::start().await;
    let bureau = app.client("demo-regio-midden-brabant").await;
    app.database.lock_out();
    let began = Instant::now();
    let answer = bureau.get("/v1/initiatives").await.is_problem(503, "database-unavailable");
    assert!(began.elapsed() < Duration::from_secs(11));
    assert_eq!(answer.header("retry-after"), "2");
    app.anyone().get("/health/ready").await.is(503);
    app.anyone().get("/health/live").await.is(200);
}

#[actix_web::test]
async fn a_bad_token_is_refused_without_the_database() {
    let app = TestApp::start().await;
    app.database.lock_out();
    app.with_token(Some("e30.e30.e30".to_owned())).get("/v1/me").await.is_problem(401, "invalid-token");
}

#[actix_web::test]
async fn a_noisy_client_is_told_to_wait() {
    let limits = Limits { requests_per_second: 1, burst: 3 };
    let app = TestApp::with(Setting { limits, ..Setting::default() }).await;
    let bureau = app.client("demo-regio-midden-brabant").await;
    for _ in 0..3 {
        bureau.get("/v1/me").await.is(200);
    }
    let answer = bureau.get("/v1/me").await.is_problem(429, "rate-limited");
    assert!(!answer.header("retry-after").is_empty());
    // Others are not touched.
    app.client("demo-ssfh-1").await.get("/v1/me").await.is(200);
}

#[actix_web::test]
async fn the_same_key_gives_the_same_answer_byte_for_byte_and_one_effect() {
    let app = TestApp::start().await;
    let bureau = app.client("demo-regio-midden-brabant").await;
    let me = bureau.get("/v1/me").await.is(200);
    let new = json!({
        "code": "eenmaal", "title": "Eenmaal",
        "regionId": me.text_at("/regions/0/id"),
        "leadOrganisationId": me.text_at("/organisation/id"),
    });
    let repeated = (0..20).map(|_| bureau.post_once("/v1/initiatives", "sleutel-1", &new));
    let answers = futures_util::future::join_all(repeated).await;
    let created: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert!(!created.is_empty());
    for answer in &answers {
        assert!([201, 409].contains(&answer.status.as_u16()), "{}", answer.status);
    }
    let first = bureau.post_once("/v1/initiatives", "sleutel-1", &new).await.is(201);
    assert!(created.iter().all(|answer| answer.body == first.body));
    assert_eq!(first.header("location"), created[0].header("location"));

    let other = json!({ "code": "anders", "title": "Anders", "regionId": new["regionId"], "leadOrganisationId": new["leadOrganisationId"] });
    bureau.post_once("/v1/initiatives", "sleutel-1", &other).await.is_problem(422, "idempotency-key-reused");
    // Another client's key is another key.
    let listed = bureau.get("/v1/initiatives?limit=200").await.is(200);
    assert_eq!(listed.items().iter().filter(|item| item["code"] == "eenmaal").count(), 1);
}

#[actix_web::test]
async fn of_many_changes_to_one_version_exactly_one_wins() {
    let app = TestApp::start().await;
    let bureau = app.client("demo-regio-midden-brabant").await;
    let path = format!("/v1/initiatives/{}", own_initiative(&bureau).await);
    for round in 0..10 {
        let etag = bureau.get(&path).await.is(200).header("etag");
        let changes = (0..10).map(|writer| {
            let (bureau, path, etag) = (bureau.clone(), path.clone(), etag.clone());
            async move {
                bureau.patch(&path, &etag, &json!({ "summary": format!("Ronde {round}, schrijver {writer}") })).await
            }
        });
        let answers = futures_util::future::join_all(changes).await;
        let won = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(won, 1, "round {round}");
        assert!(answers.iter().all(|answer| [200, 412].contains(&answer.status.as_u16())));
    }
}

async fn own_initiative(bureau: &crate::support::TestClient) -> String {
    let me = bureau.get("/v1/me").await.is(200);
    let own = format!("/v1/initiatives?regionId={}", me.text_at("/regions/0/id"));
    bureau.get(&own).await.is(200).text_at("/items/0/id")
}

#[actix_web::test]
async fn a_revoked_client_stops_within_five_seconds() {
    let app = TestApp::start().await;
    let practice = app.client("demo-praktijk-eerste-eik").await;
    practice.get("/v1/me").await.is(200);
    let platform = app.client("demo-platform").await;
    let id = Cluster::shared().client_id("demo-praktijk-eerste-eik");
    let path = format!("/v1/api-clients/{id}/transitions");
    platform.post(&path, &json!({ "to": "revoked" })).await.is(200);
    let revoked = Instant::now();
    while practice.get("/v1/me").await.status == 200 {
        assert!(revoked.elapsed() < Duration::from_secs(5), "still served");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    practice.get("/v1/me").await.is_problem(401, "invalid-token");
}

#[test]
fn the_demo_world_has_the_clients_that_were_promised() {
    let clients = &Cluster::shared().clients;
    let of = |role: &str| clients.iter().filter(|client| client.role == role).count();
    assert!(of("platform") >= 1 && of("funder") >= 3 && of("region") >= 5 && of("school") >= 4 && of("practice") >= 6);
}
