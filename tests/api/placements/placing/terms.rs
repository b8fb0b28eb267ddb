//! What of a placement changes, until when, and by whom.

use serde_json::{Value, json};
use stagepunt::placements::placement_transitions::RESERVATIONS_OVER;

use super::super::{BUREAU, PRACTICE};
use super::{Scene, moves};
use crate::students::owner_reads;

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
async fn host_and_bureau_are_employers_where_they_are_host_and_bureau() {
    let scene = Scene::start().await;
    let student = scene.student("terms-employer").await;
    let path = scene.try_propose(&student, json!({ "learningPath": "bbl" })).await.is(201).header("location");
    let (host, desk) = (scene.app.organisation_of(PRACTICE).await, scene.app.organisation_of(BUREAU).await);
    let employs = |kind: &str, organisation: &str| json!({ "employer": { "kind": kind, "organisationId": organisation, "from": "2018-09-03" } });
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let at = "/employer/organisationId";
    school.change(&path, &employs("host", &desk)).await.has_fault(at, "employer-not-the-host");
    bureau.change(&path, &employs("bureau", &host)).await.has_fault(at, "employer-not-the-bureau");
    school.change(&path, &employs("host", &host)).await.is(200);
    school.change(&path, &employs("pool", &desk)).await.is(200);

    bureau.change(&path, &employs("host", &host)).await.is_problem(403, "mandate-missing");
    let mandate = json!({
        "practiceId": host, "regionId": scene.ground.region, "scopes": ["employment"],
        "evidence": { "kind": "signed-form", "reference": "Map 3" },
    });
    bureau.post("/v1/mandates", &mandate).await.is(201);
    let told = bureau.change(&path, &employs("host", &host)).await.is(200);
    assert_eq!(told.text_at("/employer/organisation/id"), host);
    let trail = format!("/v1/audit-events?resourceId={}", told.text_at("/id"));
    let last = scene.practice.get(&trail).await.is(200).items();
    assert_eq!((last.len(), &last[0]["action"], &last[0]["onBehalfOf"]), (1, &json!("changed"), &json!(host)));
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

#[actix_web::test]
async fn a_seat_that_nobody_confirms_in_time_is_given_back() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let student = scene.student("terms-4").await;
    let asked = scene.ground.ask(&student, json!({})).await.is(201);
    let proposed = scene.try_propose(&student, json!({ "requestId": asked.json()["id"] })).await.is(201);
    let path = proposed.header("location");
    moves(bureau, &path, "reserved").await.is(200);
    moves(school, &path, "introduced").await.is(200);
    let in_time = RESERVATIONS_OVER.run(&scene.app.db).await.unwrap();
    assert_eq!(in_time, 0, "the last day has not passed");
    let late = format!(
        "UPDATE placements SET expires_on = app_today() - 1 WHERE id = '{}' RETURNING id::text AS value",
        proposed.text_at("/id")
    );
    assert_eq!(owner_reads(&scene.app, &late).len(), 1);
    let sweeps = [RESERVATIONS_OVER.run(&scene.app.db), RESERVATIONS_OVER.run(&scene.app.db)];
    let swept: usize = futures_util::future::join_all(sweeps).await.into_iter().map(Result::unwrap).sum();
    assert_eq!(swept, 1, "by one of two processes");
    let over = school.get(&path).await.is(200);
    assert_eq!(over.text_at("/status"), "cancelled");
    assert_eq!(over.text_at("/ended/reasonCode"), "reservation-expired");
    assert_eq!(scene.taken(school).await, 0);
    assert_eq!(super::status(school, &asked.header("location")).await, "open", "and waits again");
    scene.practice.get(&format!("{path}/student")).await.is_problem(404, "not-found");
}

#[actix_web::test]
async fn a_mentor_of_the_host_guides_and_the_school_sees_who_that_is() {
    let scene = Scene::start().await;
    let path = scene.placed("terms-5", "confirmed").await;
    let own = scene.practice.get("/v1/mentors?limit=1").await.is(200).text_at("/items/0/id");
    let school = &scene.ground.school.client;
    school.get(&format!("/v1/mentors/{own}")).await.is_problem(404, "not-found");
    let guide = async |mentor: &Value| {
        let etag = scene.practice.get(&path).await.is(200).header("etag");
        scene.practice.patch(&format!("{path}/guidance"), &etag, &json!({ "mentorId": mentor })).await
    };
    let stranger = json!("01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11");
    guide(&stranger).await.has_fault("/mentorId", "unknown-reference");
    assert_eq!(guide(&json!(own)).await.is(200).text_at("/mentorId"), own);
    school.get(&format!("/v1/mentors/{own}")).await.is(200);
}

#[actix_web::test]
async fn what_a_placement_needs_before_it_starts_is_told() {
    let scene = Scene::start().await;
    let path = scene.placed("terms-6", "confirmed").await;
    for side in [&scene.practice, &scene.ground.bureau, &scene.ground.school.client] {
        let told = side.get(&format!("{path}/readiness")).await.is(200).json();
        assert_eq!(told["ready"], false);
        let need = |code: &str| told["items"].as_array().unwrap().iter().find(|item| item["need"] == code).cloned();
        assert_eq!(need("signed-agreement").unwrap()["met"], false);
        assert_eq!(need("recognition").unwrap()["met"], false, "not for this qualification");
        assert!(need("employer").is_none(), "of the work-based path only");
    }
    let qualification = scene.practice.get(&path).await.is(200).text_at("/qualification/id");
    let recognised = json!({
        "qualificationId": qualification, "validFrom": "2017-01-01", "source": "SBB", "checkedOn": "2018-06-01" });
    let practice = scene.app.organisation_of(PRACTICE).await;
    scene.ground.bureau.post(&format!("/v1/organisations/{practice}/recognitions"), &recognised).await.is(201);
    let told = scene.practice.get(&format!("{path}/readiness")).await.is(200).json();
    let met = json!({ "need": "recognition", "severity": "blocks", "met": true });
    assert!(told["items"].as_array().unwrap().contains(&met), "{told}");
}
