//! Recognitions as training company.

use serde_json::json;

use super::{BUREAU, FUNDER, NOBODY, OTHER_BUREAU, PLATFORM, PRACTICE, SCHOOL, qualification};
use crate::support::TestApp;

#[actix_web::test]
async fn a_bureau_records_what_the_register_says() {
    let app = TestApp::start().await;
    let bureau = app.client(BUREAU).await;
    let path = format!("/v1/organisations/{}/recognitions", app.organisation_of(PRACTICE).await);
    let body = json!({
        "qualificationId": qualification(&app).await, "validFrom": "2014-09-01", "reviewBy": "2018-09-01",
        "source": "Demoregister", "checkedOn": "2018-03-01",
    });
    let made = bureau.post(&path, &body).await.is(201);
    assert!(made.json()["site"].is_null() && made.json()["qualification"]["name"].is_string());
    bureau.post(&path, &body).await.is_problem(409, "already-recorded");
    let holds = async |day: &str| {
        let items = app.client(FUNDER).await.get(&format!("{path}?asOf={day}")).await.is(200).items();
        items.iter().any(|item| item["id"] == made.json()["id"])
    };
    assert!(!holds("2014-08-31").await && holds("2014-09-01").await && holds("2019-01-01").await);
    bureau.change(&made.header("location"), &json!({"withdrawnOn": "2018-12-01"})).await.is(200);
    assert!(holds("2018-11-30").await && !holds("2018-12-01").await);
    bureau
        .change(&made.header("location"), &json!({"withdrawnOn": null, "source": "Demoregister, nagezien"}))
        .await
        .is(200);
    assert!(holds("2019-01-01").await);
}

#[actix_web::test]
async fn all_that_is_wrong_with_a_recognition_is_said_at_once() {
    let app = TestApp::start().await;
    let bureau = app.client(BUREAU).await;
    let path = format!("/v1/organisations/{}/recognitions", app.organisation_of(PRACTICE).await);
    let body = json!({
        "qualificationId": qualification(&app).await, "validFrom": "2018-09-01", "reviewBy": "2018-09-01",
        "withdrawnOn": "2018-08-31", "source": "Demoregister", "checkedOn": "2199-01-01",
    });
    let refused = bureau.post(&path, &body).await;
    let refused =
        refused.has_fault("/reviewBy", "review-before-start").has_fault("/withdrawnOn", "withdrawn-before-start");
    refused.has_fault("/checkedOn", "in-the-future");
    for (property, pointer) in [("siteId", "/siteId"), ("qualificationId", "/qualificationId")] {
        let mut body = json!({
            "qualificationId": qualification(&app).await, "validFrom": "2013-01-01", "source": "Demoregister", "checkedOn": "2018-01-01",
        });
        body[property] = json!(NOBODY);
        bureau.post(&path, &body).await.has_fault(pointer, "unknown-reference");
    }
    bureau.post(&format!("/v1/organisations/{NOBODY}/recognitions"), &body).await.is(404);
}

#[actix_web::test]
async fn only_the_bureau_of_its_region_and_the_platform_record_recognitions() {
    let app = TestApp::start().await;
    let path = format!("/v1/organisations/{}/recognitions", app.organisation_of(PRACTICE).await);
    let body = json!({
        "qualificationId": qualification(&app).await, "validFrom": "2012-09-01", "source": "Demoregister", "checkedOn": "2018-03-01",
    });
    for key in [PRACTICE, SCHOOL, FUNDER] {
        app.client(key).await.post(&path, &body).await.is_problem(403, "scope-missing");
    }
    let other = app.client(OTHER_BUREAU).await;
    other.post(&path, &body).await.is_problem(403, "not-permitted-on-resource");
    let made = app.client(PLATFORM).await.post(&path, &body).await.is(201);
    other
        .change(&made.header("location"), &json!({"reviewBy": null}))
        .await
        .is_problem(403, "not-permitted-on-resource");
    let elsewhere =
        format!("/v1/organisations/{}/recognitions/{}", app.organisation_of(SCHOOL).await, made.text_at("/id"));
    other.patch(&elsewhere, "*", &json!({"reviewBy": null})).await.is(404);
}
