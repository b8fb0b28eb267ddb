//! `/api-clients`.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, TestClient};

/// A school's client, made by the platform, and who may do what with it.
struct Scene {
    app: TestApp,
    platform: TestClient,
    school: TestClient,
    other: TestClient,
    organisation: String,
    path: String,
    id: String,
    secret: String,
}

impl Scene {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let (platform, school) = (app.client("demo-platform").await, app.client("demo-school-roc-tilburg").await);
        let other = app.client("demo-school-albeda").await;
        let organisation = app.organisation_of("demo-school-roc-tilburg").await;
        let made = platform.post("/v1/api-clients", &wanted(&organisation)).await.is(201);
        let (path, id, secret) = (made.header("location"), made.text_at("/id"), made.text_at("/clientSecret"));
        Self { app, platform, school, other, organisation, path, id, secret }
    }

    /// What the token endpoint says to this secret of the client.
    async fn asks_for_a_token(&self, secret: &str) -> Answer {
        let anyone = self.app.anyone();
        let form = [("grant_type", "client_credentials")];
        anyone.send(anyone.request(Method::POST, "/oauth/token").basic_auth(&self.id, Some(secret)).form(&form)).await
    }
}

fn wanted(organisation: &str) -> Value {
    json!({
        "organisationId": organisation, "role": "school", "name": "Koppeling roosters",
        "scopes": ["me:read", "initiatives:read"], "personRef": "medewerker-17",
    })
}

#[actix_web::test]
async fn the_platform_makes_a_client_and_its_secret_is_shown_once() {
    let scene = Scene::new().await;
    assert_eq!(scene.asks_for_a_token(&scene.secret).await.is(200).text_at("/scope"), "initiatives:read me:read");
    let read = scene.school.get(&scene.path).await.is(200);
    assert_eq!(read.text_at("/organisation/id"), scene.organisation);
    assert_eq!(read.json()["secrets"].as_array().map(Vec::len), Some(1));
    assert!(!String::from_utf8_lossy(&read.body).contains(&scene.secret));
    scene.other.get(&scene.path).await.is_problem(404, "not-found");
    scene.school.post("/v1/api-clients", &wanted(&scene.organisation)).await.is_problem(403, "scope-missing");
}

#[actix_web::test]
async fn a_lost_answer_is_given_again_secret_and_all() {
    let scene = Scene::new().await;
    let ask = async || scene.platform.post_once("/v1/api-clients", "once", &wanted(&scene.organisation)).await.is(201);
    let (first, again) = (ask().await, ask().await);
    assert_eq!(first.body, again.body);
    assert_eq!(first.header("location"), again.header("location"));
}

#[actix_web::test]
async fn every_fault_of_a_new_client_is_named() {
    let scene = Scene::new().await;
    let with = |member: &str, value: Value| {
        let mut body = wanted(&scene.organisation);
        body[member] = value;
        body
    };
    let ask = async |body: Value| scene.platform.post("/v1/api-clients", &body).await;
    ask(with("scopes", json!(["me:read", "issuers:manage", "no-such:scope"])))
        .await
        .has_fault("/scopes/1", "scope-above-role")
        .has_fault("/scopes/2", "unknown-scope");
    ask(with("scopes", json!(["me:read", "me:read"]))).await.has_fault("/scopes/1", "duplicate-item");
    ask(with("scopes", json!([]))).await.has_fault("/scopes", "too-few");
    ask(with("role", json!("admin"))).await.has_fault("/role", "unknown-value");
    let nobody = json!(uuid::Uuid::now_v7());
    ask(with("organisationId", nobody)).await.has_fault("/organisationId", "unknown-reference");
}

#[actix_web::test]
async fn everybody_lists_its_own_clients_and_the_platform_those_of_all() {
    let scene = Scene::new().await;
    let own = scene.school.get("/v1/api-clients").await.is(200).items();
    assert!(own.iter().any(|client| client["id"] == scene.id.as_str()));
    assert!(own.iter().all(|client| client["organisation"]["id"] == scene.organisation.as_str()));
    let of_all = scene.platform.get("/v1/api-clients?limit=200").await.is(200).items();
    assert!(of_all.len() > own.len());
    let narrowed = format!("/v1/api-clients?organisationId={}&role=school&status=active", scene.organisation);
    assert_eq!(scene.platform.get(&narrowed).await.is(200).items(), own);
    assert!(scene.school.get("/v1/api-clients?status=revoked").await.is(200).items().is_empty());
}

#[actix_web::test]
async fn an_organisation_narrows_its_client_and_only_the_platform_widens() {
    let scene = Scene::new().await;
    let narrow = json!({ "scopes": ["me:read"], "personRef": null, "name": "Alleen lezen" });
    let changed = scene.school.change(&scene.path, &narrow).await.is(200).json();
    assert_eq!(
        (&changed["scopes"], &changed["personRef"], &changed["version"]),
        (&json!(["me:read"]), &Value::Null, &json!(2))
    );
    let widen = json!({ "scopes": ["me:read", "jobs:read"] });
    scene.school.change(&scene.path, &widen).await.is_problem(403, "only-platform-widens-scopes");
    scene.platform.change(&scene.path, &widen).await.is(200);
    scene
        .platform
        .change(&scene.path, &json!({ "scopes": ["issuers:manage"] }))
        .await
        .has_fault("/scopes/0", "scope-above-role");
    scene.other.patch(&scene.path, "*", &narrow).await.is_problem(404, "not-found");
    scene.school.patch(&scene.path, "\"1-x\"", &narrow).await.is_problem(412, "version-mismatch");
    assert_eq!(scene.asks_for_a_token(&scene.secret).await.is(200).text_at("/scope"), "jobs:read me:read");
}

#[actix_web::test]
async fn a_secret_is_rotated_without_a_standstill() {
    let scene = Scene::new().await;
    let secrets = format!("{}/secrets", scene.path);
    let second = scene.school.post(&secrets, &json!({})).await.is(201).text_at("/clientSecret");
    scene.asks_for_a_token(&scene.secret).await.is(200);
    scene.asks_for_a_token(&second).await.is(200);
    let shown = scene.school.get(&scene.path).await.is(200).json();
    assert!(shown["secrets"][0]["expiresAt"].is_string() && shown["secrets"][1]["expiresAt"].is_null(), "{shown}");
    scene.school.post(&secrets, &json!({ "overlapHours": 1 })).await.is_problem(409, "two-secrets-valid");
    scene.other.post(&secrets, &json!({})).await.is_problem(404, "not-found");
    let third = scene.school.post(&secrets, &json!({ "overlapHours": 0 })).await.is(201).text_at("/clientSecret");
    scene.asks_for_a_token(&scene.secret).await.is(401);
    scene.asks_for_a_token(&second).await.is(401);
    scene.asks_for_a_token(&third).await.is(200);
}

#[actix_web::test]
async fn rotations_at_the_same_moment_leave_two_valid_secrets() {
    let scene = Scene::new().await;
    let secrets = format!("{}/secrets", scene.path);
    let (none, hours) = (json!({}), 1..=8);
    let answers = futures_util::future::join_all(hours.map(|_| scene.school.post(&secrets, &none))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
    assert!(answers.iter().all(|answer| [201, 409].contains(&answer.status.as_u16())));
    assert_eq!(scene.school.get(&scene.path).await.is(200).json()["secrets"].as_array().map(Vec::len), Some(2));
}

#[actix_web::test]
async fn a_revoked_client_is_out_for_ever_and_stays_readable() {
    let scene = Scene::new().await;
    let unused = scene.app.sign_in(&scene.id, &scene.secret).await;
    let transitions = format!("{}/transitions", scene.path);
    scene.other.post(&transitions, &json!({ "to": "revoked" })).await.is_problem(404, "not-found");
    scene.school.post(&transitions, &json!({ "to": "active" })).await.is_problem(409, "invalid-transition");
    let revoked = scene.school.post(&transitions, &json!({ "to": "revoked" })).await.is(200);
    assert_eq!(revoked.text_at("/status"), "revoked");
    scene.asks_for_a_token(&scene.secret).await.is(401);
    unused.get("/v1/me").await.is_problem(401, "invalid-token");
    let again =
        scene.school.post(&transitions, &json!({ "to": "revoked" })).await.is_problem(409, "invalid-transition");
    assert_eq!((&again.json()["currentStatus"], &again.json()["status"]), (&json!("revoked"), &json!(409)));
    scene.school.post(&format!("{}/secrets", scene.path), &json!({})).await.is_problem(409, "client-revoked");
    scene.school.change(&scene.path, &json!({ "name": "Toch weer" })).await.is_problem(409, "client-revoked");
    assert_eq!(scene.school.get(&scene.path).await.is(200).json()["secrets"], json!([]));
    let trail = scene.school.get("/v1/audit-events?limit=200").await.is(200).items();
    let actions: Vec<_> =
        trail.iter().filter(|event| event["resourceId"] == scene.id.as_str()).map(|event| &event["action"]).collect();
    assert_eq!(actions, ["revoked"]);
}
