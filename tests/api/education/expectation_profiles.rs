//! Expectation profiles.

use serde_json::{Value, json};

use super::{BUREAU, FUNDER, OTHER_BUREAU, OTHER_SCHOOL, PRACTICE, SCHOOL, qualification};
use crate::support::TestApp;

async fn profile(app: &TestApp) -> Value {
    json!({
        "qualificationId": qualification(app, "framework=hbo").await,
        "studyYear": 1,
        "summary": "Kijkt eerst mee.",
        "tasks": [
            { "name": "Spreekuur meelopen", "fromWeek": 1, "independence": "supervised" },
            { "name": "Controles", "fromWeek": 6, "independence": "independent", "description": "Na afstemming." },
        ],
    })
}

#[actix_web::test]
async fn schools_and_bureaus_each_write_their_own_and_everybody_but_the_platform_reads_them() {
    let app = TestApp::start().await;
    let profile = profile(&app).await;
    for key in [SCHOOL, BUREAU] {
        let writer = app.client(key).await;
        let made = writer.post("/v1/expectation-profiles", &profile).await.is(201);
        assert_eq!(made.text_at("/ownerOrganisation/id"), app.organisation_of(key).await);
        assert_eq!(made.json()["tasks"][1]["independence"], "independent");
        writer.post("/v1/expectation-profiles", &profile).await.is_problem(409, "already-recorded");
        for reader in [PRACTICE, FUNDER, OTHER_SCHOOL] {
            app.client(reader).await.get(&made.header("location")).await.is(200);
        }
    }
    for key in [PRACTICE, FUNDER, "demo-platform"] {
        app.client(key).await.post("/v1/expectation-profiles", &profile).await.is_problem(403, "scope-missing");
    }
    app.client("demo-platform").await.get("/v1/expectation-profiles").await.is_problem(403, "scope-missing");
}

#[actix_web::test]
async fn a_profile_is_changed_by_who_wrote_it() {
    let app = TestApp::start().await;
    let (school, other) = (app.client(SCHOOL).await, app.client(OTHER_BUREAU).await);
    let path = school.post("/v1/expectation-profiles", &profile(&app).await).await.is(201).header("location");
    let change = json!({ "summary": null, "tasks": [] });
    other.change(&path, &change).await.is_problem(403, "not-permitted-on-resource");
    other.delete(&path, "*").await.is_problem(403, "not-permitted-on-resource");
    let changed = school.change(&path, &change).await.is(200);
    assert!(changed.json()["summary"].is_null() && changed.json()["tasks"] == json!([]));
    school.delete(&path, &changed.header("etag")).await.is(204);
    school.get(&path).await.is(404);
}

#[actix_web::test]
async fn profiles_are_found_by_owner_qualification_and_study_year() {
    let app = TestApp::start().await;
    let school = app.client(SCHOOL).await;
    let made = school.post("/v1/expectation-profiles", &profile(&app).await).await.is(201);
    let found = async |query: &str| {
        let items = school.get(&format!("/v1/expectation-profiles?limit=200&{query}")).await.is(200).items();
        items.iter().any(|item| item["id"] == made.json()["id"])
    };
    let own = app.organisation_of(SCHOOL).await;
    let qualification = made.text_at("/qualification/id");
    assert!(found(&format!("ownerOrganisationId={own}&qualificationId={qualification}&studyYear=1")).await);
    assert!(!found("studyYear=2").await && !found("profession=doctors-assistant").await);
}

#[actix_web::test]
async fn all_that_is_wrong_with_a_profile_is_said_at_once() {
    let app = TestApp::start().await;
    let school = app.client(SCHOOL).await;
    let mut body = profile(&app).await;
    body["studyYear"] = json!(0);
    body["tasks"][0]["fromWeek"] = json!(0);
    body["tasks"][1]["independence"] = json!("alone");
    let refused = school.post("/v1/expectation-profiles", &body).await.has_fault("/studyYear", "out-of-range");
    refused.has_fault("/tasks/0/fromWeek", "out-of-range").has_fault("/tasks/1/independence", "unknown-value");
    let mut body = profile(&app).await;
    body["tasks"][1]["name"] = json!("Spreekuur meelopen");
    school.post("/v1/expectation-profiles", &body).await.has_fault("/tasks/1", "duplicate-item");
    let mut body = profile(&app).await;
    body["qualificationId"] = json!(uuid::Uuid::now_v7());
    school.post("/v1/expectation-profiles", &body).await.has_fault("/qualificationId", "unknown-reference");
}
