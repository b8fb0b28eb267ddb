//! Contact moments: recorded by each side, corrected by whoever recorded them.

use serde_json::{Value, json};

use super::{Scene, is_for_three_sides_only};

#[actix_web::test]
async fn talks_are_recorded_and_corrected_by_the_side_that_did() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let talks = format!("{}/contact-moments", scene.placed("talk-1", "confirmed").await);
    let talk = json!({ "kind": "three-way", "heldOn": "2018-10-11", "onSite": true, "note": "Begin met triage" });
    let made = school.post(&talks, &talk).await.is(201);
    let path = made.header("location");
    assert_eq!(made.json()["participants"], json!(["student", "host", "school"]));
    let visit = json!({ "kind": "school-visit", "heldOn": "2018-11-01", "onSite": true });
    scene.practice.post(&talks, &visit).await.is(201);
    is_for_three_sides_only(&scene, &path).await;

    let other_day = json!({ "heldOn": "2018-10-12", "note": null });
    for other in [&scene.practice, &scene.ground.bureau] {
        other.change(&path, &other_day).await.is_problem(403, "not-permitted-on-resource");
    }
    let corrected = school.change(&path, &other_day).await.is(200);
    assert_eq!((corrected.text_at("/heldOn").as_str(), &corrected.json()["version"]), ("2018-10-12", &json!(2)));
    assert_eq!((corrected.text_at("/id"), &corrected.json()["note"]), (made.text_at("/id"), &Value::Null));
    let before = format!("{talks}?knownAt={}", made.text_at("/recordedAt"));
    assert_eq!(school.get(&before).await.is(200).items()[0]["heldOn"], "2018-10-11", "as it was known");
    assert_eq!(school.get(&talks).await.is(200).items().len(), 2);

    let gone = school.change(&path, &json!({ "withdrawn": true })).await.is(200);
    assert!(gone.json()["supersededAt"].is_string());
    school.get(&path).await.is_problem(404, "not-found");
    assert_eq!(school.get(&format!("{talks}?kind=three-way")).await.is(200).items(), Vec::<Value>::new());
}

#[actix_web::test]
async fn a_talk_lies_in_the_past_and_names_sides_only() {
    let scene = Scene::start().await;
    let talks = format!("{}/contact-moments", scene.placed("talk-2", "confirmed").await);
    let tell = async |more: Value| {
        let mut body = json!({ "kind": "three-way", "heldOn": "2018-10-11", "onSite": false });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        scene.ground.bureau.post(&talks, &body).await
    };
    tell(json!({ "heldOn": "2099-01-01" })).await.has_fault("/heldOn", "in-the-future");
    tell(json!({ "participants": ["student", "bureau"] })).await.has_fault("/participants", "three-sides-needed");
    tell(json!({ "note": "bsn 111222333" })).await.has_fault("/note", "bsn-like");
    tell(json!({ "participants": ["student", "host", "school", "bureau"] })).await.is(201);
    let early = scene.propose(&scene.student("talk-3").await).await;
    let body = json!({ "kind": "school-visit", "heldOn": "2018-10-11", "onSite": true });
    let refused = scene.ground.school.client.post(&format!("{early}/contact-moments"), &body).await;
    refused.is_problem(409, "placement-not-under-way");
}
