//! `/published-initiatives`.

use serde_json::{Value, json};

use super::Scene;

async fn published() -> Scene {
    Scene::with(json!({
        "code": "etalage", "title": "Zichtbaar 100% in de etalage", "published": true,
        "goals": ["Meer plaatsen"], "activities": ["Een bureau"], "benefits": ["Minder werk"],
        "professions": ["triage-assistant"], "contactChannel": { "email": "stagebureau@example.org" },
    }))
    .await
}

fn public(scene: &Scene) -> String {
    scene.path.replace("/v1/", "/v1/published-")
}

#[actix_web::test]
async fn anybody_reads_what_is_published_and_running() {
    let scene = published().await;
    let organisation = scene.app.organisation_of("demo-school-roc-tilburg").await;
    let partner = json!({ "organisationId": organisation, "role": "education", "effectiveFrom": "2018-07-01" });
    scene.bureau.post(&scene.parts("partners"), &partner).await.is(201);
    let (anyone, path) = (scene.app.anyone(), public(&scene));
    anyone.get(&path).await.is_problem(404, "not-found");
    scene.moves(&["submitted", "running"]).await;

    let shown = anyone.get(&path).await.is(200);
    assert_eq!(shown.header("access-control-allow-origin"), "*");
    assert_eq!(shown.header("cache-control"), "public, max-age=60");
    assert_eq!(shown.text_at("/status"), "running");
    assert_eq!(shown.text_at("/region/id"), scene.region);
    assert_eq!(shown.text_at("/leadOrganisation/id"), scene.lead_organisation);
    assert_eq!(shown.text_at("/partners/0/organisation/id"), organisation);
    assert_eq!(shown.text_at("/partners/0/role"), "education");
    assert_eq!(shown.text_at("/contactChannel/email"), "stagebureau@example.org");
    for (list, item) in [("goals", "Meer plaatsen"), ("activities", "Een bureau"), ("benefits", "Minder werk")] {
        assert_eq!(shown.json()[list], json!([item]));
    }
    let known = anyone.request(reqwest::Method::GET, &path).header("If-None-Match", shown.header("etag"));
    anyone.send(known).await.is(304);
    assert_eq!(scene.bureau.get(&path).await.is(200).json(), shown.json());

    scene.bureau.change(&scene.path, &json!({ "published": false })).await.is(200);
    anyone.get(&path).await.is_problem(404, "not-found");
}

#[actix_web::test]
async fn the_catalogue_is_searched_by_region_profession_and_title() {
    let scene = published().await.moved(&["submitted"]).await;
    let anyone = scene.app.anyone();
    let found = async |query: &str| {
        let page = anyone.get(&format!("/v1/published-initiatives?limit=200&{query}")).await.is(200);
        let mine = page.items().into_iter().find(|item| scene.path.ends_with(item["id"].as_str().unwrap_or_default()));
        mine.is_some()
    };
    assert!(found("").await);
    assert!(found(&format!("regionId={}", scene.region)).await);
    assert!(!found(&format!("regionId={}", scene.lead_organisation)).await);
    assert!(found("profession=triage-assistant").await);
    assert!(!found("profession=practice-nurse-somatic").await);
    assert!(found("q=ETALAGE").await);
    assert!(found("q=100%25").await);
    assert!(!found("q=z%25e").await);
    assert!(!found("q=zichtbaar_100").await);
    anyone.get("/v1/published-initiatives?status=running").await.is_problem(400, "invalid-input");
}

#[actix_web::test]
async fn the_catalogue_comes_in_pages_and_withdrawn_initiatives_leave_it() {
    let scene = published().await.moved(&["submitted"]).await;
    let anyone = scene.app.anyone();
    let (mut query, mut ids) = ("/v1/published-initiatives?limit=1".to_owned(), Vec::new());
    loop {
        let page = anyone.get(&query).await.is(200);
        ids.extend(page.items().into_iter().map(|item| item["id"].clone()));
        let Value::String(cursor) = page.json()["nextCursor"].clone() else { break };
        query = format!("/v1/published-initiatives?limit=1&cursor={cursor}");
    }
    assert!(ids.is_sorted_by_key(ToString::to_string));
    assert!(ids.iter().any(|id| scene.path.ends_with(id.as_str().unwrap_or_default())));
    scene.moves(&["withdrawn"]).await;
    assert_eq!(anyone.get("/v1/published-initiatives?limit=200").await.is(200).items().len(), ids.len() - 1);
}
