//! Regions, and the dated facts that a bureau records about its own.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};

use crate::support::{TestApp, TestClient, as_public};

const BUREAU: &str = "demo-regio-midden-brabant";
const OTHER_BUREAU: &str = "demo-regio-zeeland";
const PRACTICE: &str = "demo-praktijk-eerste-eik";
const OTHER_PRACTICE: &str = "demo-praktijk-tweede-beuk";

/// The path of the first region a caller belongs to.
pub async fn region_of(caller: &TestClient) -> String {
    let me = caller.get("/v1/me").await.is(200);
    format!("/v1/regions/{}", me.text_at("/regions/0/id"))
}

/// An organisation that is in no region yet.
async fn newcomer(app: &TestApp, name: &str) -> String {
    let platform = app.client("demo-platform").await;
    let body = json!({ "name": name, "kinds": ["practice"] });
    platform.post("/v1/organisations", &body).await.is(201).text_at("/id")
}

#[actix_web::test]
async fn a_bureau_changes_its_own_region_and_no_other() {
    let app = TestApp::start().await;
    let (bureau, other) = (app.client(BUREAU).await, app.client(OTHER_BUREAU).await);
    let path = region_of(&bureau).await;
    let changed = bureau.change(&path, &json!({ "name": "Midden-Brabant en omstreken" })).await.is(200);
    assert_eq!(changed.text_at("/name"), "Midden-Brabant en omstreken");
    other.change(&path, &json!({ "name": "Zeeland" })).await.is_problem(403, "not-permitted-on-resource");
    let to = app.organisation_of(OTHER_BUREAU).await;
    bureau.change(&path, &json!({ "bureauOrganisationId": to })).await.is_problem(403, "not-permitted-on-resource");
}

#[actix_web::test]
async fn the_platform_enters_regions_and_gives_them_to_a_bureau() {
    let app = TestApp::start().await;
    let (platform, bureau) = (app.client("demo-platform").await, app.client(BUREAU).await);
    let desk = app.organisation_of(BUREAU).await;
    let region = json!({ "code": "demo-land", "name": "Demoland", "bureauOrganisationId": desk });
    bureau.post("/v1/regions", &region).await.is_problem(403, "scope-missing");
    let entered = platform.post("/v1/regions", &region).await.is(201);
    platform.post("/v1/regions", &region).await.is_problem(409, "code-taken");
    let nobody = json!({ "code": "other", "name": "Ander", "bureauOrganisationId": uuid::Uuid::now_v7() });
    platform.post("/v1/regions", &nobody).await.has_fault("/bureauOrganisationId", "unknown-reference");
    let to = app.organisation_of(OTHER_BUREAU).await;
    let given = platform.change(&entered.header("location"), &json!({ "bureauOrganisationId": to })).await.is(200);
    assert_eq!(given.text_at("/bureauOrganisation/id"), to);
    let found = bureau.get("/v1/regions?code=demo-land").await.is(200);
    assert_eq!(found.items().len(), 1);
}

#[actix_web::test]
async fn an_organisation_is_a_member_once_at_a_time() {
    let app = TestApp::start().await;
    let bureau = app.client(BUREAU).await;
    let path = format!("{}/memberships", region_of(&bureau).await);
    let member = newcomer(&app, "Demopraktijk Nieuwkomer").await;
    let body = |from: &str| json!({ "organisationId": member, "hostKind": "practice", "effectiveFrom": from });
    let first = bureau.post(&path, &body("2020-01-01")).await.is(201).header("location");
    bureau.post(&path, &body("2021-01-01")).await.is_problem(409, "membership-overlap");
    bureau.change(&first, &json!({ "effectiveTo": "2021-01-01" })).await.is(200);
    bureau.post(&path, &body("2021-01-01")).await.is(201);
    for (day, count) in [("2019-12-31", 0), ("2020-12-31", 1), ("2021-01-01", 1)] {
        let found = bureau.get(&format!("{path}?organisationId={member}&asOf={day}")).await.is(200);
        assert_eq!(found.items().len(), count, "{day}");
    }
    let all = bureau.get(&format!("{path}?organisationId={member}")).await.is(200);
    assert_eq!(all.items().len(), 2);
}

#[actix_web::test]
async fn what_was_known_before_a_correction_stays_known() {
    let app = TestApp::start().await;
    let bureau = app.client(BUREAU).await;
    let path = format!("{}/memberships", region_of(&bureau).await);
    let member = newcomer(&app, "Demopraktijk Verbeterd").await;
    let body = json!({ "organisationId": member, "hostKind": "practice", "effectiveFrom": "2020-01-01" });
    let recorded = bureau.post(&path, &body).await.is(201);
    let (fact, moment) = (recorded.header("location"), recorded.text_at("/recordedAt"));
    let corrected = bureau.change(&fact, &json!({ "hostKind": "health-centre" })).await.is(200);
    assert_eq!(corrected.json()["version"], 2);
    let of_member = format!("{path}?organisationId={member}");
    let then = bureau.get(&format!("{of_member}&knownAt={moment}")).await.is(200).items();
    assert_eq!((then.len(), &then[0]["hostKind"], &then[0]["version"]), (1, &json!("practice"), &json!(1)));
    let now = bureau.get(&of_member).await.is(200).items();
    assert_eq!((now.len(), &now[0]["hostKind"]), (1, &json!("health-centre")));

    let taken_back = bureau.change(&fact, &json!({ "withdrawn": true })).await.is(200);
    assert!(taken_back.json()["supersededAt"].is_string());
    bureau.get(&fact).await.is_problem(404, "not-found");
    bureau.patch(&fact, &taken_back.header("etag"), &json!({ "hostKind": null })).await.is_problem(404, "not-found");
    assert!(bureau.get(&of_member).await.is(200).items().is_empty());
    assert_eq!(bureau.get(&format!("{of_member}&knownAt={moment}")).await.is(200).items().len(), 1);
}

#[actix_web::test]
async fn what_was_known_is_provisional_while_a_write_of_before_is_under_way() {
    let app = TestApp::start().await;
    let bureau = app.client(BUREAU).await;
    let path = format!("{}/memberships", region_of(&bureau).await);
    let provisional = async |moment: DateTime<Utc>| {
        let moment = moment.to_rfc3339_opts(SecondsFormat::Micros, true);
        bureau.get(&format!("{path}?knownAt={moment}")).await.is(200).json()["provisional"].clone()
    };
    assert_eq!(bureau.get(&path).await.is(200).json()["provisional"], Value::Null);
    let before = Utc::now() - TimeDelta::seconds(2);
    assert_eq!(provisional(Utc::now()).await, true, "who writes may not have told yet");
    let mut writer = as_public(&app.database);
    writer.batch_execute("SELECT pg_current_xact_id()").unwrap();
    let after = Utc::now();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!((provisional(before).await, provisional(after).await), (json!(false), json!(true)));
    writer.batch_execute("COMMIT").unwrap();
    assert_eq!(provisional(after).await, false);
}

#[actix_web::test]
async fn of_two_corrections_at_once_one_is_stale() {
    let app = TestApp::start().await;
    let bureau = app.client(BUREAU).await;
    let path = format!("{}/memberships", region_of(&bureau).await);
    let member = newcomer(&app, "Demopraktijk Tweemaal").await;
    let recorded =
        bureau.post(&path, &json!({ "organisationId": member, "effectiveFrom": "2020-01-01" })).await.is(201);
    let (fact, etag) = (recorded.header("location"), recorded.header("etag"));
    let ends = [json!({ "effectiveTo": "2021-01-01" }), json!({ "effectiveTo": "2022-01-01" })];
    let (first, second) =
        futures_util::future::join(bureau.patch(&fact, &etag, &ends[0]), bureau.patch(&fact, &etag, &ends[1])).await;
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

#[actix_web::test]
async fn only_the_bureau_of_the_region_records_members() {
    let app = TestApp::start().await;
    let (bureau, other) = (app.client(BUREAU).await, app.client(OTHER_BUREAU).await);
    let path = format!("{}/memberships", region_of(&bureau).await);
    let member = newcomer(&app, "Demopraktijk Elders").await;
    let body = json!({ "organisationId": member, "hostKind": "practice", "effectiveFrom": "2020-01-01" });
    other.post(&path, &body).await.is_problem(403, "not-permitted-on-resource");
    app.client("demo-platform").await.post(&path, &body).await.is_problem(403, "scope-missing");
    app.client(PRACTICE).await.post(&path, &body).await.is_problem(403, "scope-missing");
    let nowhere = format!("/v1/regions/{}/memberships", uuid::Uuid::now_v7());
    bureau.post(&nowhere, &body).await.is_problem(404, "not-found");
    let unknown = json!({ "organisationId": uuid::Uuid::now_v7(), "effectiveFrom": "2020-01-01" });
    bureau.post(&path, &unknown).await.has_fault("/organisationId", "unknown-reference");
    let ahead = json!({ "organisationId": member, "effectiveFrom": "2199-01-01" });
    bureau.post(&path, &ahead).await.has_fault("/effectiveFrom", "in-the-future");

    let fact = bureau.post(&path, &body).await.is(201).header("location");
    let change = json!({ "effectiveTo": "2021-01-01" });
    other.change(&fact, &change).await.is_problem(403, "not-permitted-on-resource");
    let elsewhere = fact.replace(&region_of(&bureau).await, &region_of(&other).await);
    bureau.get(&elsewhere).await.is_problem(404, "not-found");
    other.patch(&elsewhere, "\"1-x\"", &change).await.is_problem(404, "not-found");
}

#[actix_web::test]
async fn a_fixed_contact_person_is_shown_to_whom_it_is_for() {
    let app = TestApp::start().await;
    let (bureau, other) = (app.client(BUREAU).await, app.client(OTHER_BUREAU).await);
    let (practice, neighbour) = (app.client(PRACTICE).await, app.client(OTHER_PRACTICE).await);
    let path = format!("{}/contact-assignments", region_of(&bureau).await);
    let organisation = app.organisation_of(PRACTICE).await;
    let own = practice.get(&path).await.is(200).items();
    assert!(!own.is_empty() && own.iter().all(|found| found["organisation"]["id"] == organisation.as_str()));
    let fact = format!("{path}/{}", own[0]["id"].as_str().unwrap());
    practice.get(&fact).await.is(200);
    for stranger in [&neighbour, &other] {
        stranger.get(&fact).await.is_problem(404, "not-found");
    }
    assert!(other.get(&path).await.is(200).items().is_empty());
    app.client("demo-ssfh-1").await.get(&path).await.is_problem(403, "scope-missing");

    let next = json!({
        "organisationId": organisation,
        "contactName": "Demo Opvolger Drie",
        "contactEmail": "opvolger-drie@example.org",
        "effectiveFrom": "2199-01-01",
    });
    bureau.post(&path, &next).await.is_problem(409, "contact-assignment-overlap");
    bureau.change(&fact, &json!({ "effectiveTo": "2199-01-01" })).await.is(200);
    bureau.post(&path, &next).await.is(201);
    let today = practice.get(&format!("{path}?asOf=2199-01-01")).await.is(200).items();
    assert_eq!((today.len(), &today[0]["contactName"]), (1, &json!("Demo Opvolger Drie")));
}

#[actix_web::test]
async fn a_region_sets_what_a_start_needs_from_a_day_on() {
    let app = TestApp::start().await;
    let bureau = app.client(OTHER_BUREAU).await;
    let path = format!("{}/readiness-rules", region_of(&bureau).await);
    let rule = |profession: serde_json::Value| {
        json!({
            "requirement": "hepatitis-b-statement", "severity": "warns",
            "profession": profession, "effectiveFrom": "2199-01-01",
        })
    };
    let fact = bureau.post(&path, &rule(json!("triage-assistant"))).await.is(201).header("location");
    bureau.post(&path, &rule(json!("triage-assistant"))).await.is_problem(409, "readiness-rule-overlap");
    bureau.post(&path, &rule(json!(null))).await.is(201);
    let changed = bureau.change(&fact, &json!({ "severity": "blocks" })).await.is(200);
    assert_eq!(changed.text_at("/severity"), "blocks");
    let school = app.client("demo-school-scalda").await;
    let query = "asOf=2199-01-01&requirement=hepatitis-b-statement";
    for (profession, count) in [("triage-assistant", 2), ("doctors-assistant", 1)] {
        let found = school.get(&format!("{path}?{query}&profession={profession}")).await.is(200);
        assert_eq!(found.items().len(), count, "{profession}");
    }
    school.post(&path, &rule(json!(null))).await.is_problem(403, "scope-missing");
}

#[actix_web::test]
async fn a_region_estimates_whom_it_needs_in_a_year() {
    let app = TestApp::start().await;
    let bureau = app.client(BUREAU).await;
    let path = format!("{}/workforce-needs", region_of(&bureau).await);
    let need = json!({
        "profession": "triage-assistant", "year": 2030, "needed": 12, "expectedOutflow": 5,
        "source": "Voorbeeldraming", "effectiveFrom": "2020-01-01",
    });
    let fact = bureau.post(&path, &need).await.is(201).header("location");
    bureau.post(&path, &need).await.is_problem(409, "workforce-need-overlap");
    bureau.change(&fact, &json!({ "needed": -1 })).await.has_fault("/needed", "out-of-range");
    let corrected = bureau.change(&fact, &json!({ "needed": 14, "source": null })).await.is(200).json();
    assert_eq!(
        (&corrected["needed"], &corrected["source"], &corrected["expectedOutflow"]),
        (&json!(14), &json!(null), &json!(5))
    );
    let found = bureau.get(&format!("{path}?year=2030&profession=triage-assistant")).await.is(200);
    assert_eq!(found.items().len(), 1);
}

#[actix_web::test]
async fn a_bureau_of_two_regions_is_a_bureau_in_both() {
    let app = TestApp::start().await;
    let desk = app.organisation_of(BUREAU).await;
    let region = json!({ "code": "demo-land", "name": "Demoland", "bureauOrganisationId": desk });
    app.client("demo-platform").await.post("/v1/regions", &region).await.is(201);
    app.db.forget_standings();
    let bureau = app.client(BUREAU).await;
    assert_eq!(bureau.get("/v1/me").await.is(200).json()["regions"].as_array().unwrap().len(), 2);
    let id = uuid::Uuid::now_v7();
    let proposal = json!({ "studentId": id, "offerId": id });
    bureau.post("/v1/placements", &proposal).await.has_fault("/requestId", "request-needed");
}
