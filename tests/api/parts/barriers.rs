//! `/initiatives/{initiativeId}/barriers`.

use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};

use super::Scene;

#[actix_web::test]
async fn a_barrier_is_resolved_and_what_was_known_before_stays() {
    let scene = Scene::draft().await;
    let parts = scene.parts("barriers");
    let new = json!({
        "title": "Te weinig ruimte", "ownerOrganisationId": scene.lead_organisation, "effectiveFrom": "2018-07-01",
    });
    let barrier = scene.lead.post(&parts, &new).await.is(201);
    assert_eq!(barrier.text_at("/ownerOrganisation/id"), scene.lead_organisation);
    let before = moment_after(&barrier.text_at("/recordedAt"));
    let path = barrier.header("location");
    let resolved = scene.bureau.change(&path, &json!({ "effectiveTo": "2018-11-01" })).await.is(200);
    assert_eq!(resolved.json()["version"], 2);
    assert_eq!(resolved.text_at("/id"), barrier.text_at("/id"));
    assert_eq!(scene.bureau.get(&path).await.is(200).json(), resolved.json());

    let versions = async |query: &str| {
        let items = scene.lead.get(&format!("{parts}?{query}")).await.is(200).items();
        items.iter().map(|item| item["version"].as_i64().unwrap_or_default()).collect::<Vec<_>>()
    };
    assert_eq!(versions("asOf=2018-10-31").await, [2]);
    assert_eq!(versions("asOf=2018-11-01").await, [0_i64; 0]);
    assert_eq!(versions(&format!("knownAt={before}")).await, [1]);
    assert_eq!(versions(&format!("asOf=2018-11-01&knownAt={before}")).await, [1]);
    assert_eq!(versions("knownAt=2018-11-01T00:00:00Z").await, [0_i64; 0]);
    assert_eq!(versions(&format!("ownerOrganisationId={}", scene.lead_organisation)).await, [2]);
    assert_eq!(versions(&format!("ownerOrganisationId={}", scene.region)).await, [0_i64; 0]);
}

#[actix_web::test]
async fn a_barrier_that_never_was_is_withdrawn() {
    let scene = Scene::draft().await;
    let parts = scene.parts("barriers");
    let barrier =
        scene.lead.post(&parts, &json!({ "title": "Een misverstand", "effectiveFrom": "2018-07-01" })).await.is(201);
    let (path, before) = (barrier.header("location"), moment_after(&barrier.text_at("/recordedAt")));
    let mixed = json!({ "withdrawn": true, "title": "Geen misverstand" });
    scene.lead.change(&path, &mixed).await.has_fault("/withdrawn", "withdrawn-stands-alone");
    let withdrawn = scene.lead.change(&path, &json!({ "withdrawn": true })).await.is(200);
    assert_ne!(withdrawn.json()["supersededAt"], Value::Null);
    scene.lead.get(&path).await.is_problem(404, "not-found");
    assert_eq!(scene.lead.get(&parts).await.is(200).items().len(), 0);
    assert_eq!(scene.lead.get(&format!("{parts}?knownAt={before}")).await.is(200).items().len(), 1);
}

#[actix_web::test]
async fn a_barrier_has_its_days_in_order_and_behind_us() {
    let scene = Scene::draft().await;
    let parts = scene.parts("barriers");
    let in_days = |from: &str, to: &str| json!({ "title": "Belemmering", "effectiveFrom": from, "effectiveTo": to });
    let ahead = scene.lead.post(&parts, &in_days("2199-01-01", "2199-02-01")).await;
    ahead.has_fault("/effectiveFrom", "in-the-future").has_fault("/effectiveTo", "in-the-future");
    let backwards = scene.lead.post(&parts, &in_days("2018-07-01", "2018-07-01")).await;
    backwards.has_fault("/effectiveTo", "ends-before-start");
    let unknown = json!({ "title": "Belemmering", "effectiveFrom": "2018-07-01", "ownerOrganisationId": scene.region });
    scene.lead.post(&parts, &unknown).await.has_fault("/ownerOrganisationId", "unknown-reference");
}

/// A moment after this one and before anything that is recorded from now on.
fn moment_after(recorded_at: &str) -> String {
    let now = Utc::now();
    assert!(now.to_rfc3339_opts(SecondsFormat::Micros, true).as_str() > recorded_at);
    now.to_rfc3339_opts(SecondsFormat::Micros, true)
}
