//! `/initiatives/{initiativeId}/milestones`.

use serde_json::{Value, json};

use super::Scene;

#[actix_web::test]
async fn what_was_reached_stays() {
    let scene = Scene::draft().await;
    let parts = scene.parts("milestones");
    let open =
        scene.lead.post(&parts, &json!({ "title": "50 stagiairs in 2019", "dueOn": "2019-12-31" })).await.is(201);
    assert_eq!(open.json()["reachedOn"], Value::Null);
    let new = json!({ "title": "25 stagiairs in 2018", "dueOn": "2018-12-31", "reachedOn": "2018-12-14" });
    let reached = scene.lead.post(&parts, &new).await.is(201);
    let path = reached.header("location");
    scene.lead.delete(&path, &reached.header("etag")).await.is_problem(409, "reached");

    let titles = async |query: &str| {
        let items = scene.lead.get(&format!("{parts}?{query}")).await.is(200).items();
        items.iter().map(|item| item["title"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(titles("reached=true").await, ["25 stagiairs in 2018"]);
    assert_eq!(titles("reached=false").await, ["50 stagiairs in 2019"]);
    assert_eq!(titles("dueBefore=2019-12-31").await, ["25 stagiairs in 2018"]);

    let taken_back = scene.lead.change(&path, &json!({ "reachedOn": null })).await.is(200);
    scene.lead.delete(&path, &taken_back.header("etag")).await.is(204);
}

#[actix_web::test]
async fn a_milestone_is_not_reached_ahead_of_today() {
    let scene = Scene::draft().await;
    let parts = scene.parts("milestones");
    let ahead = json!({ "title": "Later", "reachedOn": "2199-01-01" });
    scene.lead.post(&parts, &ahead).await.has_fault("/reachedOn", "in-the-future");
    let open = scene.lead.post(&parts, &json!({ "title": "Later" })).await.is(201).header("location");
    scene.lead.change(&open, &json!({ "reachedOn": "2199-01-01" })).await.has_fault("/reachedOn", "in-the-future");
    let changed =
        scene.lead.change(&open, &json!({ "reachedOn": "2018-12-14", "evidence": "Presentielijst" })).await.is(200);
    assert_eq!(changed.text_at("/reachedOn"), "2018-12-14");
    scene.lead.post(&parts, &json!({ "title": "  " })).await.has_fault("/title", "too-short");
}
