//! Outcomes: at the end, and after a year.

use serde_json::{Value, json};

use super::{Scene, completed, is_for_three_sides_only};

fn outcome(moment: &str, kind: &str, on: &str) -> Value {
    json!({ "moment": moment, "kind": kind, "knownOn": on })
}

#[actix_web::test]
async fn what_became_of_an_intern_is_recorded_twice_and_after_the_end() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let path = scene.placed("outcome-1", "confirmed").await;
    let outcomes = format!("{path}/outcomes");
    let hired = outcome("at-end", "hired-by-host", "2019-07-05");
    scene.practice.post(&outcomes, &hired).await.is_problem(409, "placement-not-ended");
    completed(&scene, &path, "2019-07-05");
    let made = scene.practice.post(&outcomes, &hired).await.is(201);
    school.post(&outcomes, &outcome("at-end", "unknown", "2019-07-05")).await.is_problem(409, "already-recorded");
    let early = outcome("after-a-year", "hired-in-region", "2020-07-04");
    school.post(&outcomes, &early).await.has_fault("/knownOn", "within-a-year");
    let ahead = outcome("after-a-year", "hired-in-region", "2099-07-05");
    school.post(&outcomes, &ahead).await.has_fault("/knownOn", "in-the-future");
    school.post(&outcomes, &outcome("after-a-year", "hired-in-region", "2020-07-05")).await.is(201);
    assert_eq!(bureau.get(&outcomes).await.is(200).items().len(), 2);
    is_for_three_sides_only(&scene, &made.header("location")).await;

    let study = json!({ "kind": "further-study" });
    school.change(&made.header("location"), &study).await.is_problem(403, "not-permitted-on-resource");
    let mended = bureau.change(&made.header("location"), &study).await.is(200);
    assert_eq!((mended.text_at("/kind").as_str(), &mended.json()["version"]), ("further-study", &json!(2)));
    scene.practice.change(&made.header("location"), &hired).await.has_fault("/moment", "unknown-property");
    bureau.change(&made.header("location"), &json!({ "withdrawn": true })).await.is(200);
    scene.practice.post(&outcomes, &hired).await.is(201);
}
