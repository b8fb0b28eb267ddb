//! Programmes of schools.

use serde_json::json;

use super::{BUREAU, FUNDER, OTHER_SCHOOL, PRACTICE, SCHOOL, new_programme, qualification};
use crate::support::TestApp;

#[actix_web::test]
async fn a_school_enters_its_programmes_and_everybody_but_the_platform_reads_them() {
    let app = TestApp::start().await;
    let school = app.client(SCHOOL).await;
    let made = school.post("/v1/programmes", &new_programme(&app).await).await.is(201);
    assert_eq!(made.text_at("/school/id"), app.organisation_of(SCHOOL).await);
    assert_eq!(made.json()["profession"], "doctors-assistant");
    assert!(made.json()["crebo"].is_string() && made.json()["active"] == true);
    for key in [PRACTICE, BUREAU, FUNDER, OTHER_SCHOOL] {
        assert_eq!(app.client(key).await.get(&made.header("location")).await.is(200).json(), made.json(), "{key}");
    }
    for key in [PRACTICE, BUREAU, FUNDER, "demo-platform"] {
        let refused = app.client(key).await.post("/v1/programmes", &new_programme(&app).await).await;
        refused.is_problem(403, "scope-missing");
    }
    app.client("demo-platform").await.get("/v1/programmes").await.is_problem(403, "scope-missing");
}

#[actix_web::test]
async fn programmes_are_found_by_what_they_are() {
    let app = TestApp::start().await;
    let (school, own) = (app.client(SCHOOL).await, app.organisation_of(SCHOOL).await);
    let programme = new_programme(&app).await;
    let made = school.post("/v1/programmes", &programme).await.is(201);
    let found = async |query: &str| {
        let items = school.get(&format!("/v1/programmes?limit=200&{query}")).await.is(200).items();
        items.iter().any(|item| item["id"] == made.json()["id"])
    };
    let (same, other) = (programme["qualificationId"].as_str().unwrap(), qualification(&app, "framework=hbo").await);
    assert!(found(&format!("schoolId={own}&code=PROEF&active=true&learningPath=bbl&qualificationId={same}")).await);
    assert!(found("profession=doctors-assistant").await && !found("profession=triage-assistant").await);
    assert!(!found("code=ANDERS").await && !found("learningPath=dual").await && !found("active=false").await);
    assert!(!found(&format!("qualificationId={other}")).await);
    assert!(!found(&format!("schoolId={}", app.organisation_of(OTHER_SCHOOL).await)).await);
}

#[actix_web::test]
async fn a_code_names_one_programme_of_a_school() {
    let app = TestApp::start().await;
    let (school, other) = (app.client(SCHOOL).await, app.client(OTHER_SCHOOL).await);
    let programme = new_programme(&app).await;
    school.post("/v1/programmes", &programme).await.is(201);
    school.post("/v1/programmes", &programme).await.is_problem(409, "code-taken");
    let elsewhere = other.post("/v1/programmes", &programme).await.is(201);
    let taken = other.get("/v1/programmes?code=DA-BOL-BBL").await.text_at("/items/0/code");
    other.change(&elsewhere.header("location"), &json!({ "code": taken })).await.is_problem(409, "code-taken");
}

#[actix_web::test]
async fn a_programme_fits_its_qualification() {
    let app = TestApp::start().await;
    let school = app.client(SCHOOL).await;
    let mut programme = new_programme(&app).await;
    programme["learningPaths"] = json!(["bol", "part-time"]);
    let refused = school.post("/v1/programmes", &programme).await;
    refused.has_fault("/learningPaths/1", "path-of-other-framework");
    programme["learningPaths"] = json!(["bol", "bol"]);
    school.post("/v1/programmes", &programme).await.has_fault("/learningPaths/1", "duplicate-item");
    programme["learningPaths"] = json!([]);
    school.post("/v1/programmes", &programme).await.has_fault("/learningPaths", "too-few");
    programme["learningPaths"] = json!(["bol"]);
    programme["qualificationId"] = json!(uuid::Uuid::now_v7());
    school.post("/v1/programmes", &programme).await.has_fault("/qualificationId", "unknown-reference");
}

#[actix_web::test]
async fn a_school_changes_its_own_programmes_only() {
    let app = TestApp::start().await;
    let (school, other) = (app.client(SCHOOL).await, app.client(OTHER_SCHOOL).await);
    let path = school.post("/v1/programmes", &new_programme(&app).await).await.is(201).header("location");
    let change = json!({ "name": "Proefopleiding nieuwe stijl", "learningPaths": ["third-path"], "active": false });
    let changed = school.change(&path, &change).await.is(200);
    assert_eq!((changed.json()["version"].as_i64(), changed.json()["active"].as_bool()), (Some(2), Some(false)));
    other.change(&path, &change).await.is_problem(403, "not-permitted-on-resource");
    other.delete(&path, "*").await.is_problem(403, "not-permitted-on-resource");
    school
        .change(&path, &json!({ "learningPaths": ["dual"] }))
        .await
        .has_fault("/learningPaths/0", "path-of-other-framework");
    school.delete(&path, &changed.header("etag")).await.is(204);
    school.get(&path).await.is(404);
}

#[actix_web::test]
async fn a_programme_that_something_hangs_on_stays() {
    let app = TestApp::start().await;
    let school = app.client(SCHOOL).await;
    let made = school.post("/v1/programmes", &new_programme(&app).await).await.is(201);
    let cohort = json!({ "programmeId": made.text_at("/id"), "schoolYear": "2018-2019", "form": "regular" });
    let cohort = school.post("/v1/cohorts", &cohort).await.is(201);
    school.delete(&made.header("location"), "*").await.is_problem(409, "still-referred-to");
    school.delete(&cohort.header("location"), "*").await.is(204);
    school.delete(&made.header("location"), "*").await.is(204);
}
