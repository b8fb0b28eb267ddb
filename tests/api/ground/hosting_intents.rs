//! Whether hosts mean to offer seats, school year by school year.

use serde_json::{Value, json};

use super::{BUREAU, FUNDER, NOBODY, OTHER_BUREAU, OTHER_PRACTICE, PLATFORM, PRACTICE, SCHOOL, region_of};
use crate::support::TestApp;

/// A school year that the demo world says nothing about.
const YEAR: &str = "2031-2032";

async fn intent_of(app: &TestApp, key: &str) -> String {
    format!("/v1/organisations/{}/hosting-intents/{YEAR}", app.organisation_of(key).await)
}

#[actix_web::test]
async fn a_practice_says_what_it_means_to_do_and_changes_its_mind() {
    let app = TestApp::start().await;
    let practice = app.client(PRACTICE).await;
    let path = intent_of(&app, PRACTICE).await;
    practice.get(&path).await.is(404);
    let any =
        practice.request(reqwest::Method::PUT, &path).header("If-Match", "*").json(&json!({"intent": "interested"}));
    practice.send(any).await.is_problem(412, "version-mismatch");
    practice.get(&path).await.is(404);
    let first = practice.put(&path, &json!({"intent": "interested", "effectiveFrom": "2018-05-01"})).await.is(201);
    assert_eq!(first.header("location"), path);
    let same = practice.put(&path, &json!({"intent": "interested"})).await.is(200);
    assert_eq!((same.header("etag"), &same.body), (first.header("etag"), &first.body));

    let no = json!({"intent": "not-offering", "reasonCode": "no-time", "effectiveFrom": "2018-10-01"});
    let stale = practice.request(reqwest::Method::PUT, &path).header("If-Match", "\"7-x\"").json(&no);
    practice.send(stale).await.is_problem(412, "version-mismatch");
    let second = practice.put(&path, &no).await.is(200).json();
    assert!(second["id"] != first.json()["id"] && second["version"] == 2);
    let list = |query: &str| format!("{}?{query}", path.trim_end_matches(&format!("/{YEAR}")));
    let of_year = |items: Vec<Value>| items.into_iter().filter(|item| item["schoolYear"] == YEAR).collect::<Vec<_>>();
    let then = of_year(practice.get(&list("asOf=2018-09-30")).await.is(200).items());
    assert!(then.len() == 1 && then[0]["intent"] == "interested" && then[0]["effectiveTo"] == "2018-10-01");
    let now = of_year(practice.get(&list("asOf=2018-10-01")).await.is(200).items());
    assert!(now.len() == 1 && now[0]["reasonCode"] == "no-time");

    let known_at = second["recordedAt"].as_str().unwrap();
    let better = json!({"intent": "not-offering", "reasonCode": "no-space", "effectiveFrom": "2018-10-01"});
    let corrected = practice.put(&path, &better).await.is(200).json();
    assert!(corrected["id"] == second["id"] && corrected["version"] == 3);
    let believed = of_year(practice.get(&list(&format!("asOf=2018-10-01&knownAt={known_at}"))).await.is(200).items());
    assert!(believed.len() == 1 && believed[0]["reasonCode"] == "no-time", "{believed:?}");
    let over = json!({"intent": "offering", "effectiveFrom": "2018-05-02"});
    practice.put(&path, &over).await.is_problem(409, "period-overlap");
}

#[actix_web::test]
async fn a_bureau_writes_down_what_it_heard_by_phone() {
    let app = TestApp::start().await;
    let (bureau, path) = (app.client(BUREAU).await, intent_of(&app, PRACTICE).await);
    let heard = bureau.put(&path, &json!({"intent": "offering"})).await.is(201);
    assert_eq!(heard.text_at("/recordedBy/id"), app.organisation_of(BUREAU).await);
    let practice = app.client(PRACTICE).await;
    assert_eq!(practice.get(&path).await.is(200).text_at("/recordedBy/id"), app.organisation_of(BUREAU).await);
    let own = practice.put(&path, &json!({"intent": "interested"})).await.is(200);
    assert_eq!(own.text_at("/recordedBy/id"), app.organisation_of(PRACTICE).await);
}

#[actix_web::test]
async fn why_a_host_does_not_offer_is_data() {
    let app = TestApp::start().await;
    let (practice, path) = (app.client(PRACTICE).await, intent_of(&app, PRACTICE).await);
    practice.put(&path, &json!({"intent": "not-offering"})).await.has_fault("/reasonCode", "reason-required");
    let needless = json!({"intent": "offering", "reasonCode": "other"});
    practice.put(&path, &needless).await.has_fault("/reasonCode", "reason-not-expected");
    let ahead = json!({"intent": "offering", "effectiveFrom": "2199-01-01"});
    practice.put(&path, &ahead).await.has_fault("/effectiveFrom", "in-the-future");
    practice.put(&path.replace(YEAR, "2018-2020"), &json!({"intent": "offering"})).await.is(400);
}

#[actix_web::test]
async fn host_bureau_and_school_of_the_region_see_it_and_others_do_not() {
    let app = TestApp::start().await;
    let (path, id) = (intent_of(&app, PRACTICE).await, app.organisation_of(PRACTICE).await);
    app.client(PRACTICE).await.put(&path, &json!({"intent": "offering"})).await.is(201);
    let region = region_of(&app.client(BUREAU).await).await;
    let across = format!("/v1/hosting-intents?schoolYear={YEAR}&regionId={region}&intent=offering");
    for (key, sees) in
        [(PRACTICE, true), (BUREAU, true), (SCHOOL, true), (OTHER_PRACTICE, false), (OTHER_BUREAU, false)]
    {
        let client = app.client(key).await;
        client.get(&path).await.is(if sees { 200 } else { 404 });
        let items = client.get(&across).await.is(200).items();
        assert_eq!(items.iter().any(|item| item["organisation"]["id"] == id), sees, "{key}");
    }
    for key in [FUNDER, PLATFORM] {
        let client = app.client(key).await;
        client.get(&across).await.is_problem(403, "scope-missing");
        client.get(&path).await.is_problem(403, "scope-missing");
    }
}

#[actix_web::test]
async fn a_school_sees_it_for_as_long_as_it_is_a_member() {
    let app = TestApp::start().await;
    let (path, id) = (intent_of(&app, PRACTICE).await, app.organisation_of(PRACTICE).await);
    app.client(PRACTICE).await.put(&path, &json!({"intent": "offering"})).await.is(201);
    let (bureau, school) = (app.client(BUREAU).await, app.client(SCHOOL).await);
    let memberships = format!("/v1/regions/{}/memberships", region_of(&bureau).await);
    let own = format!("{memberships}?organisationId={}", app.organisation_of(SCHOOL).await);
    for membership in bureau.get(&own).await.is(200).items() {
        let membership = format!("{memberships}/{}", membership["id"].as_str().unwrap());
        bureau.change(&membership, &json!({"effectiveTo": "2020-01-01"})).await.is(200);
    }
    school.get(&path).await.is_problem(404, "not-found");
    let across = school.get(&format!("/v1/hosting-intents?schoolYear={YEAR}")).await.is(200).items();
    assert!(across.iter().all(|item| item["organisation"]["id"] != id));
    bureau.get(&path).await.is(200);
}

#[actix_web::test]
async fn nobody_else_speaks_for_a_host() {
    let app = TestApp::start().await;
    let (path, body) = (intent_of(&app, PRACTICE).await, json!({"intent": "offering"}));
    for key in [OTHER_PRACTICE, OTHER_BUREAU] {
        app.client(key).await.put(&path, &body).await.is_problem(403, "not-permitted-on-resource");
    }
    app.client(SCHOOL).await.put(&path, &body).await.is_problem(403, "scope-missing");
    // The right comes before the precondition, and before what the organisation is.
    for key in [OTHER_PRACTICE, OTHER_BUREAU] {
        let other = app.client(key).await;
        let stale = other.request(reqwest::Method::PUT, &path).header("If-Match", "\"7-x\"").json(&body);
        other.send(stale).await.is_problem(403, "not-permitted-on-resource");
    }
    let bureau = app.client(BUREAU).await;
    bureau.put(&format!("/v1/organisations/{NOBODY}/hosting-intents/{YEAR}"), &body).await.is(404);
    bureau.put(&intent_of(&app, SCHOOL).await, &body).await.is_problem(409, "not-a-host");
}
