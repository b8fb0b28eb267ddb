//! Cohorts and their counts.

use serde_json::{Value, json};

use super::{BUREAU, FUNDER, OTHER_BUREAU, OTHER_SCHOOL, PRACTICE, SCHOOL, new_programme};
use crate::support::{Answer, TestApp, TestClient};

/// A school with a new programme.
struct Scene {
    app: TestApp,
    school: TestClient,
    programme: String,
}

impl Scene {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let school = app.client(SCHOOL).await;
        let programme = school.post("/v1/programmes", &new_programme(&app).await).await.is(201).text_at("/id");
        Self { app, school, programme }
    }

    fn cohort(&self, more: Value) -> Value {
        let mut body = json!({ "programmeId": self.programme, "schoolYear": "2018-2019", "form": "regular" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    }

    async fn enter(&self, more: Value) -> Answer {
        self.school.post("/v1/cohorts", &self.cohort(more)).await
    }
}

#[actix_web::test]
async fn a_school_enters_a_cohort_and_the_bureau_of_its_region_reads_it() {
    let scene = Scene::start().await;
    let made = scene.enter(json!({ "intakeCap": 24 })).await.is(201);
    let path = made.header("location");
    assert_eq!(scene.app.client(BUREAU).await.get(&path).await.is(200).json(), made.json());
    for key in [OTHER_BUREAU, OTHER_SCHOOL] {
        scene.app.client(key).await.get(&path).await.is_problem(404, "not-found");
    }
    for key in [PRACTICE, FUNDER, "demo-platform"] {
        scene.app.client(key).await.get(&path).await.is_problem(403, "scope-missing");
    }
    scene.app.client(BUREAU).await.post("/v1/cohorts", &scene.cohort(json!({}))).await.is_problem(403, "scope-missing");
    let other = scene.app.client(OTHER_SCHOOL).await;
    other.post("/v1/cohorts", &scene.cohort(json!({}))).await.has_fault("/programmeId", "unknown-reference");
}

#[actix_web::test]
async fn a_programme_has_one_cohort_of_a_form_in_a_school_year() {
    let scene = Scene::start().await;
    scene.enter(json!({})).await.is(201);
    scene.enter(json!({})).await.is_problem(409, "already-recorded");
    let shortened = scene.enter(json!({ "form": "shortened" })).await.is(201);
    scene.enter(json!({ "schoolYear": "2019-2020" })).await.is(201);
    scene.enter(json!({ "schoolYear": "2019-2021" })).await.has_fault("/schoolYear", "malformed");
    let found = async |query: &str| {
        let path = format!("/v1/cohorts?programmeId={}&{query}", scene.programme);
        scene.school.get(&path).await.is(200).items().len()
    };
    assert_eq!((found("form=regular").await, found("schoolYear=2018-2019").await), (2, 2));
    assert_eq!(found(&format!("schoolId={}", scene.app.organisation_of(SCHOOL).await)).await, 3);
    scene.school.delete(&shortened.header("location"), "*").await.is(204);
    assert_eq!(found("form=shortened").await, 0);
}

#[actix_web::test]
async fn an_intake_cap_is_lifted_on_a_day() {
    let scene = Scene::start().await;
    scene.enter(json!({ "capLiftedOn": "2019-03-01" })).await.has_fault("/capLiftedOn", "no-cap-to-lift");
    let path = scene.enter(json!({ "intakeCap": 24 })).await.is(201).header("location");
    let change = async |body: Value| scene.school.change(&path, &body).await;
    change(json!({ "capLiftedOn": "2199-01-01" })).await.has_fault("/capLiftedOn", "in-the-future");
    let lifted = change(json!({ "capLiftedOn": "2019-03-01" })).await.is(200);
    assert_eq!((lifted.text_at("/capLiftedOn"), lifted.json()["intakeCap"].as_i64()), ("2019-03-01".into(), Some(24)));
    change(json!({ "intakeCap": null })).await.has_fault("/capLiftedOn", "no-cap-to-lift");
    change(json!({ "intakeCap": null, "capLiftedOn": null })).await.is(200);
    let bureau = scene.app.client(BUREAU).await;
    bureau.patch(&path, "*", &json!({ "intakeCap": 1 })).await.is_problem(403, "scope-missing");
}

#[actix_web::test]
async fn a_count_holds_until_the_next_one() {
    let scene = Scene::start().await;
    let cohort = scene.enter(json!({})).await.is(201).header("location");
    let path = format!("{cohort}/counts");
    let count = |day: &str, applicants: i32, waiting: i32| json!({ "countedOn": day, "applicants": applicants, "applicantsWaiting": waiting, "enrolled": 24 });
    let first = scene.school.post(&path, &count("2018-05-01", 40, 16)).await.is(201);
    scene.school.post(&path, &count("2018-10-01", 44, 20)).await.is(201);
    let bureau = scene.app.client(BUREAU).await;
    let waiting = async |query: &str| -> Vec<i64> {
        let items = bureau.get(&format!("{path}?{query}")).await.is(200).items();
        items.iter().map(|item| item["applicantsWaiting"].as_i64().unwrap()).collect()
    };
    assert_eq!(waiting("").await, [16, 20]);
    assert_eq!(waiting("asOf=2018-04-30").await, [0; 0]);
    assert_eq!(waiting("asOf=2018-09-30").await, [16]);
    assert_eq!(waiting("asOf=2019-09-30").await, [20]);

    let before = first.text_at("/recordedAt");
    let corrected = scene.school.change(&first.header("location"), &json!({ "applicantsWaiting": 15 })).await.is(200);
    assert_eq!((corrected.json()["version"].as_i64(), corrected.json()["applicants"].as_i64()), (Some(2), Some(40)));
    assert_eq!(waiting("asOf=2018-09-30").await, [15]);
    assert_eq!(waiting(&format!("asOf=2018-09-30&knownAt={before}")).await, [16]);
    let withdrawn = scene.school.change(&first.header("location"), &json!({ "withdrawn": true })).await.is(200);
    assert!(withdrawn.json()["supersededAt"].is_string());
    assert_eq!(waiting("asOf=2018-09-30").await, [0; 0]);
    scene.school.get(&first.header("location")).await.is(404);
    scene.school.delete(&cohort, "*").await.is_problem(409, "still-referred-to");
}

#[actix_web::test]
async fn a_count_is_plausible_and_made_once_a_day() {
    let scene = Scene::start().await;
    let path = format!("{}/counts", scene.enter(json!({})).await.is(201).header("location"));
    let mut count = json!({ "countedOn": "2199-01-01", "applicants": 3, "applicantsWaiting": 4, "enrolled": 0 });
    let refused = scene.school.post(&path, &count).await.has_fault("/countedOn", "in-the-future");
    refused.has_fault("/applicantsWaiting", "more-waiting-than-applied");
    count["countedOn"] = json!("2018-05-01");
    count["applicantsWaiting"] = json!(3);
    let made = scene.school.post(&path, &count).await.is(201);
    scene.school.post(&path, &count).await.is_problem(409, "already-recorded");
    let refused = scene.school.change(&made.header("location"), &json!({ "applicants": 2 })).await;
    refused.has_fault("/applicantsWaiting", "more-waiting-than-applied");
    for key in [OTHER_SCHOOL, OTHER_BUREAU] {
        scene.app.client(key).await.get(&path).await.is_problem(404, "not-found");
        scene.app.client(key).await.get(&made.header("location")).await.is_problem(404, "not-found");
    }
    scene.app.client(OTHER_SCHOOL).await.post(&path, &count).await.is_problem(404, "not-found");
    scene.app.client(BUREAU).await.post(&path, &count).await.is_problem(403, "scope-missing");
}
