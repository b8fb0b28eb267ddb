//! Compliance items: status and validity, one per requirement, by each of the three sides.

use serde_json::{Value, json};

use super::super::agreements::missing;
use super::{Scene, is_for_three_sides_only};

#[actix_web::test]
async fn each_side_says_how_it_stands_and_all_see_who_did() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let items = format!("{}/compliance-items", scene.placed("compliance-1", "confirmed").await);
    let asked = json!({ "requirement": "certificate-of-conduct", "status": "requested" });
    let made = school.post(&items, &asked).await.is(201);
    let item = made.header("location");
    assert_eq!(
        (&made.json()["checkedOn"], made.text_at("/statedBy/id")),
        (&Value::Null, scene.ground.school.id.clone())
    );
    scene.practice.post(&items, &asked).await.is_problem(409, "already-recorded");
    scene.practice.post(&items, &json!({ "requirement": "duty-to-verify", "status": "met" })).await.is(201);
    is_for_three_sides_only(&scene, &item).await;
    is_for_three_sides_only(&scene, &items).await;

    let met = json!({ "status": "met", "checkedOn": "2018-08-20", "validUntil": "2021-08-19" });
    let now = scene.ground.bureau.change(&item, &met).await.is(200);
    assert_eq!((now.text_at("/validUntil").as_str(), &now.json()["version"]), ("2021-08-19", &json!(2)));
    assert_ne!(now.text_at("/statedBy/id"), scene.ground.school.id, "the bureau said so last");
    school.patch(&item, &made.header("etag"), &met).await.is_problem(412, "version-mismatch");
    let gone = school.change(&item, &json!({ "status": "missing" })).await.is(200).json();
    assert_eq!((&gone["checkedOn"], &gone["validUntil"]), (&Value::Null, &Value::Null));
    let still = school.get(&format!("{items}?status=met")).await.is(200).items();
    assert_eq!(still.len(), 1);
}

#[actix_web::test]
async fn what_may_not_be_said_is_refused() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let path = scene.placed("compliance-2", "confirmed").await;
    let items = format!("{path}/compliance-items");
    let say = async |more: Value| {
        let mut body = json!({ "requirement": "hepatitis-b-statement", "status": "met" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        school.post(&items, &body).await
    };
    say(json!({ "requirement": "mentor-certificate" })).await.has_fault("/requirement", "requirement-kept-elsewhere");
    say(json!({ "checkedOn": "2099-01-01" })).await.has_fault("/checkedOn", "in-the-future");
    say(json!({ "status": "missing", "validUntil": "2099-01-01" }))
        .await
        .has_fault("/validUntil", "validity-without-met");
    say(json!({ "checkedOn": "2018-09-02", "validUntil": "2018-09-01" }))
        .await
        .has_fault("/validUntil", "ends-before-start");
    say(json!({ "document": "vog.pdf" })).await.has_fault("/document", "unknown-property");
    let early = scene.propose(&scene.student("compliance-3").await).await;
    let body = json!({ "requirement": "duty-to-verify", "status": "met" });
    school.post(&format!("{early}/compliance-items"), &body).await.is_problem(409, "placement-not-under-way");
}

#[actix_web::test]
async fn what_the_region_demands_only_its_bureau_waives() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let path = scene.placed("compliance-4", "confirmed").await;
    let items = format!("{path}/compliance-items");
    let waived = json!({ "requirement": "certificate-of-conduct", "status": "not-applicable" });
    let open = async || missing(school, &path).await.contains(&"certificate-of-conduct".to_owned());
    assert!(open().await);
    for side in [school, &scene.practice] {
        side.post(&items, &waived).await.is_problem(403, "not-yours-to-waive");
    }
    let item = bureau.post(&items, &waived).await.is(201).header("location");
    assert!(!open().await);
    school.change(&item, &json!({ "checkedOn": "2018-06-01" })).await.is_problem(403, "not-yours-to-waive");
    school.change(&item, &json!({ "status": "requested" })).await.is(200);
    assert!(open().await);
    let back = json!({ "status": "not-applicable" });
    scene.practice.change(&item, &back).await.is_problem(403, "not-yours-to-waive");
    bureau.change(&item, &back).await.is(200);
    assert!(!open().await);
}
