//! `/token-issuers`.

use serde_json::{Value, json};

use crate::support::TestApp;

pub fn wanted(organisation: &str) -> Value {
    json!({
        "issuer": "https://login.example.org/realms/regio", "jwksUrl": "https://login.example.org/realms/regio/certs",
        "algorithms": ["ES256"], "audience": "stagepunt", "allowedRoles": ["school"],
        "allowedOrganisationIds": [organisation], "claimMap": { "person": "sub" },
    })
}

#[actix_web::test]
async fn the_platform_keeps_the_register() {
    let app = TestApp::start().await;
    let (platform, school) = (app.client("demo-platform").await, app.client("demo-school-albeda").await);
    let organisation = app.organisation_of("demo-school-albeda").await;
    let entered = platform.post("/v1/token-issuers", &wanted(&organisation)).await.is(201);
    let path = entered.header("location");
    assert_eq!(platform.get(&path).await.is(200).json(), entered.json());
    platform.post("/v1/token-issuers", &wanted(&organisation)).await.is_problem(409, "issuer-registered");
    let widened = json!({ "allowedRoles": ["school", "practice"], "claimMap": { "person": "sub", "role": "rol" }, "active": false });
    let changed = platform.change(&path, &widened).await.is(200).json();
    assert_eq!((&changed["active"], &changed["version"]), (&json!(false), &json!(2)));
    assert_eq!(platform.get("/v1/token-issuers?active=false").await.is(200).items(), [changed]);
    assert!(platform.get("/v1/token-issuers?active=true").await.is(200).items().is_empty());
    for path in ["/v1/token-issuers", &path] {
        school.get(path).await.is_problem(403, "scope-missing");
    }
}

#[actix_web::test]
async fn an_issuer_says_exactly_what_it_may_vouch_for() {
    let app = TestApp::start().await;
    let platform = app.client("demo-platform").await;
    let organisation = app.organisation_of("demo-school-albeda").await;
    let with = |member: &str, value: Value| {
        let mut body = wanted(&organisation);
        body[member] = value;
        body
    };
    let ask = async |body: Value| platform.post("/v1/token-issuers", &body).await;
    ask(with("allowedRoles", json!(["school", "platform"])))
        .await
        .has_fault("/allowedRoles/1", "role-not-exchangeable")
        .has_fault("/claimMap/role", "claim-needed");
    ask(with("algorithms", json!(["HS256"]))).await.has_fault("/algorithms/0", "unknown-value");
    ask(with("algorithms", json!(["none"]))).await.has_fault("/algorithms/0", "unknown-value");
    ask(with("jwksUrl", json!("http://login.example.org/certs"))).await.has_fault("/jwksUrl", "malformed");
    ask(with("allowedOrganisationIds", json!([organisation, organisation])))
        .await
        .has_fault("/allowedOrganisationIds/1", "duplicate-item");
}
