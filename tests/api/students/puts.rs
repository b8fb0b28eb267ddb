//! PUT by the school's own key, and PATCH.

use futures_util::future::join3;
use reqwest::Method;
use serde_json::json;

use super::{OTHER_SCHOOL, SCHOOL, School, audited, owner_reads, student};
use crate::support::TestApp;

#[actix_web::test]
async fn a_put_enters_changes_and_leaves_alone() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    let more = json!({
        "prefix": "van den", "schoolEmail": "honderd@EXAMPLE.org", "postcode4": "5038", "studyYear": 1,
        "cohort": { "schoolYear": "2018-2019", "form": "shortened" }, "availableDays": ["tuesday", "monday"],
        "availableFrom": "2019-02-04", "availableUntil": "2019-06-28", "maxTravelMinutes": 45, "learningPath": "bol",
    });
    let made = school.put("{GUID}-1", more.clone()).await.is(201);
    let first = made.json();
    assert_eq!(made.header("location"), format!("/v1/students/{}", first["id"].as_str().unwrap()));
    assert_eq!(first["sourcedId"], "{GUID}-1");
    assert_eq!((&first["programme"]["id"], &first["cohort"]["id"]), (&json!(school.programme), &json!(school.cohort)));
    assert_eq!((&first["learningPath"], &first["accelerated"]), (&json!("bol"), &json!(false)));
    assert_eq!((&first["active"], &first["version"]), (&json!(true), &json!(1)));
    assert_eq!(first["availableDays"], json!(["monday", "tuesday"]));

    let written = audited(&app);
    let again = school.put("{GUID}-1", more).await.is(200);
    assert_eq!((again.header("etag"), again.json()), (made.header("etag"), first.clone()));
    let less = school.put("{GUID}-1", json!({})).await.is(200);
    assert_eq!(less.json(), first, "what is absent stays");
    assert_eq!(audited(&app), written, "nothing was done, so nothing is recorded");

    let changed = school.put("{GUID}-1", json!({ "prefix": null, "studyYear": 2 })).await.is(200).json();
    assert_eq!((&changed["prefix"], &changed["studyYear"], &changed["version"]), (&json!(null), &json!(2), &json!(2)));
    assert_eq!((&changed["id"], &changed["postcode4"]), (&first["id"], &json!("5038")));
    assert_eq!(audited(&app), written + 1);
    let named = school.put("{GUID}-1", json!({ "familyName": "Honderdeen" })).await.is(200).json();
    assert_eq!(named["version"], 3, "a change of name alone counts");
    assert_ne!(named["updatedAt"], changed["updatedAt"]);
}

#[actix_web::test]
async fn whoever_asks_for_any_version_enters_nobody() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    school.put("er-al", json!({})).await.is(201);
    let body = student(json!({}));
    let put = async |key: &str, tag: &str| {
        let request = school.client.request(Method::PUT, &school.path(key)).header("If-Match", tag).json(&body);
        school.client.send(request).await
    };
    put("er-al", "*").await.is(200);
    let before = audited(&app);
    put("nog-niet", "*").await.is_problem(412, "version-mismatch");
    put("nog-niet", "\"1-x\"").await.is_problem(412, "version-mismatch");
    assert_eq!(audited(&app), before, "nobody was entered");
}

#[actix_web::test]
async fn parallel_puts_of_a_new_key_give_one_student() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    for round in 0..5 {
        let key = format!("tegelijk-{round}");
        let (one, two) = (json!({ "studyYear": 1 }), json!({ "studyYear": 2, "learningPath": "bol" }));
        let (first, second, third) =
            join3(school.put(&key, one.clone()), school.put(&key, two), school.put(&key, one)).await;
        let answers = [first, second, third];
        let made = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!((made, answers.iter().filter(|answer| answer.status == 200).count()), (1, 2));
        assert!(answers.iter().all(|answer| answer.text_at("/id") == answers[0].text_at("/id")));
        let found = school.client.post("/v1/students/_search", &json!({ "sourcedId": key })).await.is(200);
        assert_eq!(found.items().len(), 1);
    }
}

#[actix_web::test]
async fn only_ones_own_school_and_its_registered_programmes() {
    let app = TestApp::start().await;
    let (school, other) = (School::of(&app, SCHOOL).await, School::of(&app, OTHER_SCHOOL).await);
    let body = student(json!({}));
    school.client.put(&other.path("x"), &body).await.is_problem(403, "not-permitted-on-resource");
    let nowhere = format!("/v1/schools/{}/students/x", uuid::Uuid::now_v7());
    school.client.put(&nowhere, &body).await.is_problem(404, "not-found");
    school.put("x", json!({ "programmeCode": "ELDERS" })).await.has_fault("/programmeCode", "unknown-programme");
    let cohort = json!({ "cohort": { "schoolYear": "2017-2018", "form": "shortened" }, "learningPath": "third-path" });
    let refused = school.put("x", cohort).await.has_fault("/cohort", "unknown-cohort");
    refused.has_fault("/learningPath", "path-not-offered");
    school.put("x", json!({ "studyYear": 7 })).await.has_fault("/studyYear", "out-of-range");
    school.put("x", json!({ "postcode4": "5038EA" })).await.has_fault("/postcode4", "malformed");
    school.client.put(&school.path("a%20b"), &body).await.is(400);
    // The same key at another school is another student.
    let (one, two) = (school.enter("gelijk", json!({})).await, other.enter("gelijk", json!({})).await);
    assert_ne!(one, two);
    let programme = format!("/v1/programmes/{}", school.programme);
    let etag = school.client.get(&programme).await.is(200).header("etag");
    school.client.delete(&programme, &etag).await.is(409);
}

#[actix_web::test]
async fn the_version_is_checked_where_it_is_given() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    let made = school.put("x", json!({})).await.is(201);
    let with = |etag: &str, more| {
        school.client.request(Method::PUT, &school.path("x")).header("If-Match", etag).json(&student(more))
    };
    let stale = with("\"7-x\"", json!({ "studyYear": 2 }));
    school.client.send(stale).await.is_problem(412, "version-mismatch");
    let right = with(&made.header("etag"), json!({ "studyYear": 2 }));
    school.client.send(right).await.is(200);
}

#[actix_web::test]
async fn a_patch_changes_what_is_sent() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    let path = format!("/v1/students/{}", school.enter("x", json!({ "studyYear": 1, "postcode4": "5038" })).await);
    let body = json!({ "studyYear": 2, "postcode4": null, "givenName": "Proef", "active": false });
    let changed = school.client.change(&path, &body).await.is(200).json();
    assert_eq!((&changed["studyYear"], &changed["postcode4"]), (&json!(2), &json!(null)));
    assert_eq!((&changed["givenName"], &changed["active"]), (&json!("Proef"), &json!(false)));
    let same = school.client.change(&path, &body).await.is(200).json();
    assert_eq!(same, changed, "what is so already changes nothing");
    assert_eq!(school.put("x", json!({})).await.is(200).json()["active"], true, "who is put is on the roster");
    school.client.change(&path, &json!({ "learningPath": "bbl" })).await.has_fault("/learningPath", "read-only");
    let request = school.client.request(Method::PATCH, &path).header("Content-Type", "application/merge-patch+json");
    school.client.send(request.body("{}")).await.is_problem(428, "if-match-required");
}

#[actix_web::test]
async fn whoever_is_shown_a_student_by_changing_nothing_is_on_record_too() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    let id = school.enter("x", json!({})).await;
    let looks = || owner_reads(&app, "SELECT operation AS value FROM access_events ORDER BY id");
    let before = looks().len();
    school.client.change(&format!("/v1/students/{id}"), &json!({})).await.is(200);
    school.put("x", json!({})).await.is(200);
    let news = looks().split_off(before);
    assert!(news.contains(&"update_student".to_owned()) && news.contains(&"put_student".to_owned()), "{news:?}");
}

#[actix_web::test]
async fn who_moves_to_a_programme_without_the_path_says_another_path() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    let id = school.enter("x", json!({ "learningPath": "bol" })).await;
    let known = school.client.get("/v1/qualifications?profession=doctors-assistant").await.is(200);
    let other = json!({
        "code": "ELDERS",
        "name": "Doktersassistent, alleen bbl",
        "qualificationId": known.text_at("/items/0/id"),
        "learningPaths": ["bbl"],
        "studyYears": 3,
    });
    school.client.post("/v1/programmes", &other).await.is(201);
    let path = format!("/v1/students/{id}");
    school
        .client
        .change(&path, &json!({ "programmeCode": "ELDERS" }))
        .await
        .has_fault("/learningPath", "path-not-offered");
}
