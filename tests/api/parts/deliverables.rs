//! `/initiatives/{initiativeId}/deliverables`.

use serde_json::json;

use super::Scene;

#[actix_web::test]
async fn what_was_delivered_stays() {
    let scene = Scene::draft().await;
    let parts = scene.parts("deliverables");
    scene.lead.post(&parts, &json!({ "kind": "research", "title": "Onderzoek naar houding" })).await.is(201);
    let new = json!({ "kind": "structure", "title": "Inrichting van het stagebureau", "dueOn": "2018-10-01" });
    let path = scene.lead.post(&parts, &new).await.is(201).header("location");
    let handed_over = json!({ "deliveredOn": "2018-10-01", "link": "https://stages.example.org/inrichting" });
    let delivered = scene.lead.change(&path, &handed_over).await.is(200);
    assert_eq!(delivered.text_at("/link"), "https://stages.example.org/inrichting");
    scene.lead.delete(&path, &delivered.header("etag")).await.is_problem(409, "delivered");

    for (query, title) in [
        ("kind=research", "Onderzoek naar houding"),
        ("delivered=true", "Inrichting van het stagebureau"),
        ("dueBefore=2018-10-02", "Inrichting van het stagebureau"),
    ] {
        let items = scene.lead.get(&format!("{parts}?{query}")).await.is(200).items();
        assert_eq!(items.iter().map(|item| item["title"].clone()).collect::<Vec<_>>(), [title], "{query}");
    }
}

#[actix_web::test]
async fn a_deliverable_is_not_handed_over_ahead_of_today() {
    let scene = Scene::draft().await;
    let parts = scene.parts("deliverables");
    let ahead = json!({ "kind": "product", "title": "Later", "deliveredOn": "2199-01-01" });
    scene.lead.post(&parts, &ahead).await.has_fault("/deliveredOn", "in-the-future");
    let unsafe_link = json!({ "kind": "product", "title": "Elders", "link": "http://stages.example.org" });
    scene.lead.post(&parts, &unsafe_link).await.has_fault("/link", "malformed");
}
