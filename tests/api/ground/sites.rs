//! Sites of organisations.

use serde_json::json;

use super::{BUREAU, FUNDER, NOBODY, OTHER_BUREAU, OTHER_PRACTICE, PRACTICE, SCHOOL, qualification};
use crate::support::TestApp;

#[actix_web::test]
async fn a_site_comes_changes_and_goes() {
    let app = TestApp::start().await;
    let practice = app.client(PRACTICE).await;
    let sites = format!("/v1/organisations/{}/sites", app.organisation_of(PRACTICE).await);
    let body = json!({"name": "Dependance Proef", "setting": "day-practice", "visitingAddress": {"place": "Goirle"}});
    let made = practice.post(&sites, &body).await.is(201);
    let path = made.header("location");
    practice.post(&sites, &body).await.is_problem(409, "name-taken");
    let changed =
        practice.change(&path, &json!({"setting": "office", "visitingAddress": {"street": "Demolaan"}})).await;
    let changed = changed.is(200);
    assert_eq!(changed.text_at("/visitingAddress/place"), "Goirle");
    let offices = app.client(FUNDER).await.get(&format!("{sites}?setting=office")).await.is(200).items();
    assert!(offices.iter().any(|site| site["id"] == changed.json()["id"]));
    practice.delete(&path, &made.header("etag")).await.is_problem(412, "version-mismatch");
    practice.delete(&path, &changed.header("etag")).await.is(204);
    practice.get(&path).await.is(404);
}

#[actix_web::test]
async fn a_site_that_something_hangs_on_stays() {
    let app = TestApp::start().await;
    let (practice, bureau) = (app.client(PRACTICE).await, app.client(BUREAU).await);
    let organisation = app.organisation_of(PRACTICE).await;
    let body = json!({"name": "Dependance Proef", "setting": "day-practice"});
    let site = bureau.post(&format!("/v1/organisations/{organisation}/sites"), &body).await.is(201);
    let recognition = json!({
        "siteId": site.text_at("/id"), "qualificationId": qualification(&app).await,
        "validFrom": "2018-02-01", "source": "Demoregister", "checkedOn": "2018-02-01",
    });
    bureau.post(&format!("/v1/organisations/{organisation}/recognitions"), &recognition).await.is(201);
    practice.delete(&site.header("location"), &site.header("etag")).await.is_problem(409, "still-referred-to");
}

#[actix_web::test]
async fn nobody_else_writes_a_site() {
    let app = TestApp::start().await;
    let body = json!({"name": "Dependance Proef", "setting": "school"});
    let own = format!("/v1/organisations/{}/sites", app.organisation_of(PRACTICE).await);
    let site = app.client(PRACTICE).await.post(&own, &body).await.is(201);
    for key in [OTHER_PRACTICE, OTHER_BUREAU, SCHOOL, FUNDER] {
        let client = app.client(key).await;
        client.post(&own, &body).await.is_problem(403, "not-permitted-on-resource");
        client.change(&site.header("location"), &body).await.is_problem(403, "not-permitted-on-resource");
        client.delete(&site.header("location"), "*").await.is_problem(403, "not-permitted-on-resource");
    }
    let bureau = app.client(BUREAU).await;
    let school = app.organisation_of(SCHOOL).await;
    let of_school = format!("/v1/organisations/{school}/sites");
    bureau.post(&of_school, &body).await.is_problem(403, "not-permitted-on-resource");
    // Under another organisation it is not there, also for who may see it.
    let elsewhere = format!("{of_school}/{}", site.text_at("/id"));
    bureau.get(&elsewhere).await.is(404);
    bureau.patch(&elsewhere, "*", &body).await.is(404);
    bureau.post(&format!("/v1/organisations/{NOBODY}/sites"), &body).await.is(404);
    bureau.get(&format!("/v1/organisations/{NOBODY}/sites")).await.is(404);
}
