//! What of a placement changes, until when, and by whom.

use serde_json::{Value, json};

use super::super::{BUREAU, PRACTICE};
use super::{Scene, moves};

#[actix_web::test]
async fn days_and_hours_change_within_the_offer_until_they_are_agreed() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let path = scene.placed("terms-1", "reserved").await;
    let changed = json!({ "startsOn": "2018-10-01", "totalHours": 400, "schoolSupervisor": "Stagebureau zorg" });
    let now = school.change(&path, &changed).await.is(200);
    assert_eq!((now.text_at("/startsOn").as_str(), &now.json()["totalHours"]), ("2018-10-01", &json!(400)));
    school.change(&path, &json!({ "startsOn": "2018-09-02" })).await.has_fault("/startsOn", "outside-offer");
    school.change(&path, &json!({ "endsOn": "2018-09-30" })).await.has_fault("/endsOn", "ends-before-start");
    school
        .change(
            &path,
            &json!({ "employer": {
        "kind": "host", "organisationId": scene.app.organisation_of(PRACTICE).await, "from": "2018-10-01" } }),
        )
        .await
        .has_fault("/employer", "employer-not-expected");
    scene.practice.change(&path, &json!({ "totalHours": 10 })).await.is_problem(403, "scope-missing");
    let cleared = scene.ground.bureau.change(&path, &json!({ "totalHours": null })).await.is(200);
    assert_eq!(cleared.json()["totalHours"], Value::Null);
}

#[actix_web::test]
async fn the_employer_of_the_work_based_path_is_named() {
    let scene = Scene::start().await;
    let student = scene.student("terms-2").await;
    let path = scene.try_propose(&student, json!({ "learningPath": "bbl" })).await.is(201).header("location");
    let bureau_organisation = scene.app.organisation_of(BUREAU).await;
    let told = json!({ "employer": { "kind": "bureau", "organisationId": bureau_organisation, "from": "2018-09-03" } });
    let now = scene.ground.school.client.change(&path, &told).await.is(200);
    assert_eq!(now.text_at("/employer/organisation/id"), bureau_organisation);
    let unknown = json!({ "employer": {
        "kind": "pool", "organisationId": "01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11", "from": "2018-09-03" } });
    scene.ground.bureau.change(&path, &unknown).await.has_fault("/employer/organisationId", "unknown-reference");
    let gone = scene.ground.bureau.change(&path, &json!({ "employer": null })).await.is(200);
    assert_eq!(gone.json()["employer"], Value::Null);
}

#[actix_web::test]
async fn a_bureau_keeps_a_reserved_seat_longer() {
    let scene = Scene::start().await;
    let bureau = &scene.ground.bureau;
    let path = scene.propose(&scene.student("terms-3").await).await;
    let keep = async |until: &str| {
        let etag = bureau.get(&path).await.is(200).header("etag");
        bureau.patch(&format!("{path}/reservation"), &etag, &json!({ "expiresOn": until })).await
    };
    keep("2099-01-31").await.is_problem(409, "not-reserved");
    moves(bureau, &path, "reserved").await.is(200);
    assert_eq!(keep("2099-01-31").await.is(200).text_at("/expiresOn"), "2099-01-31");
    keep("2018-01-31").await.has_fault("/expiresOn", "expires-in-the-past");
    let etag = bureau.get(&path).await.is(200).header("etag");
    let own = json!({ "expiresOn": "2099-02-28" });
    scene.practice.patch(&format!("{path}/reservation"), &etag, &own).await.is_problem(403, "scope-missing");
}
