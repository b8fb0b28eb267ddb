//! Attendance: by the host or in its name, summed for all three.

use serde_json::{Value, json};

use super::super::placing::moves_because;
use super::{Scene, is_for_three_sides_only};

fn week(from: &str, until: &str, present: i64) -> Value {
    json!({ "startsOn": from, "endsOn": until, "plannedMinutes": 960, "presentMinutes": present })
}

#[actix_web::test]
async fn a_host_enters_weeks_and_everybody_sees_the_sum() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let attendance = format!("{}/attendance", scene.placed("attendance-1", "confirmed").await);
    let made = scene.practice.post(&attendance, &week("2018-10-08", "2018-10-14", 840)).await.is(201);
    let path = made.header("location");
    let overlapping = week("2018-10-14", "2018-10-20", 960);
    scene.practice.post(&attendance, &overlapping).await.is_problem(409, "attendance-overlap");
    school.post(&attendance, &overlapping).await.is_problem(403, "scope-missing");
    let under_mandate = bureau.post(&attendance, &week("2018-10-15", "2018-10-21", 960)).await.is(201);
    assert_eq!(under_mandate.json()["madeUpMinutes"], 0);
    let mended = scene.practice.change(&path, &json!({ "madeUpMinutes": 60 })).await.is(200);
    assert_eq!(mended.json()["version"], 2);
    is_for_three_sides_only(&scene, &path).await;
    is_for_three_sides_only(&scene, &attendance).await;

    let listed = school.get(&format!("{attendance}?periodFrom=2018-10-15")).await.is(200);
    assert_eq!(listed.items().len(), 1);
    let totals = listed.json()["totals"].clone();
    let expected = json!({
        "plannedMinutes": 1920, "presentMinutes": 1800, "madeUpMinutes": 60, "hoursSoFar": 31, "totalHours": null,
    });
    assert_eq!(totals, expected, "of the whole placement");
}

#[actix_web::test]
async fn what_cannot_be_is_refused() {
    let scene = Scene::start().await;
    let path = scene.placed("attendance-2", "confirmed").await;
    let attendance = format!("{path}/attendance");
    let enter = async |body: Value| scene.practice.post(&attendance, &body).await;
    enter(week("2018-09-02", "2018-09-08", 0)).await.has_fault("/startsOn", "before-its-start");
    enter(week("2099-01-01", "2099-01-07", 0)).await.has_fault("/startsOn", "in-the-future");
    enter(week("2018-10-08", "2018-11-08", 0)).await.has_fault("/endsOn", "stretch-too-long");
    enter(week("2018-10-08", "2018-10-14", 961)).await.has_fault("/presentMinutes", "more-present-than-planned");
    let made = enter(week("2018-10-08", "2018-10-14", 960)).await.is(201).header("location");
    moves_because(&scene.practice, &path, "cancelled", Some("host-withdrew")).await.is(200);
    enter(week("2018-10-15", "2018-10-21", 960)).await.is_problem(409, "placement-not-under-way");
    let patch = json!({ "presentMinutes": 0 });
    scene.practice.change(&made, &patch).await.is_problem(409, "placement-not-under-way");
}

#[actix_web::test]
async fn a_bureau_without_a_mandate_enters_nothing() {
    let scene = Scene::start().await;
    let bureau = &scene.ground.bureau;
    let attendance = format!("{}/attendance", scene.placed("attendance-3", "confirmed").await);
    let path =
        scene.practice.post(&attendance, &week("2018-10-08", "2018-10-14", 840)).await.is(201).header("location");
    let practice = scene.app.organisation_of(super::super::PRACTICE).await;
    for mandate in bureau.get("/v1/mandates?status=granted&limit=200").await.is(200).items() {
        if mandate["practice"]["id"] == practice.as_str() {
            let revoked = json!({ "to": "revoked" });
            let steps = format!("/v1/mandates/{}/transitions", mandate["id"].as_str().unwrap());
            let answer = scene.practice.post(&steps, &revoked).await;
            assert!(answer.status == 200, "{}", answer.text());
        }
    }
    bureau.post(&attendance, &week("2018-10-15", "2018-10-21", 960)).await.is_problem(403, "mandate-missing");
    let refused = bureau.change(&path, &json!({ "presentMinutes": 0 })).await;
    assert_eq!(refused.status, 403, "{}", refused.text());
    bureau.get(&path).await.is(200);
}
