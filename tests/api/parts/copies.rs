//! `/initiatives/{initiativeId}/copies`.

use serde_json::{Value, json};

use super::Scene;

async fn published() -> Scene {
    let scene = Scene::with(json!({
        "code": "voorbeeld", "title": "Stages dichtbij", "summary": "Van ons", "published": true,
        "goals": ["Meer plaatsen"], "activities": ["Een bureau"], "benefits": ["Minder werk"],
        "professions": ["doctors-assistant"], "learningPaths": ["bol"], "policyFrameworks": ["RAAT"],
        "startsOn": "2018-07-01", "contactChannel": { "email": "stagebureau@example.org" },
    }))
    .await;
    for (kind, new, _) in scene.one_of_each().await {
        scene.bureau.post(&scene.parts(kind), &new).await.is(201);
    }
    let reached =
        json!({ "title": "25 stagiairs", "dueOn": "2018-12-31", "reachedOn": "2018-12-14", "evidence": "Lijst" });
    scene.bureau.post(&scene.parts("milestones"), &reached).await.is(201);
    scene.moved(&["submitted", "running"]).await
}

#[actix_web::test]
async fn a_bureau_copies_the_plan_of_a_published_initiative_of_another_region() {
    let scene = published().await;
    let region = scene.elsewhere.get("/v1/me").await.is(200).text_at("/regions/0/id");
    let lead = scene.app.organisation_of("demo-regio-zeeland").await;
    let to = json!({ "regionId": region, "leadOrganisationId": lead, "code": "voorbeeld" });
    let copy = scene.elsewhere.post(&format!("{}/copies", scene.path), &to).await.is(201);
    let path = copy.header("location");
    let source = scene.bureau.get(&scene.path).await.is(200).json();
    for same in ["title", "goals", "activities", "benefits", "professions", "learningPaths", "policyFrameworks"] {
        assert_eq!(copy.json()[same], source[same], "{same}");
    }
    assert_eq!(copy.json()["copiedFromId"], source["id"]);
    assert_eq!(copy.text_at("/status"), "draft");
    assert_eq!((copy.text_at("/region/id"), copy.text_at("/leadOrganisation/id")), (region, lead));
    for left in ["summary", "startsOn", "endsOn", "funder"] {
        assert_eq!(copy.json()[left], Value::Null, "{left}");
    }
    assert_eq!(copy.json()["published"], false);
    assert_eq!(copy.json()["contactChannel"]["email"], Value::Null);

    let titles = async |kind: &str| {
        let items = scene.elsewhere.get(&format!("{path}/{kind}")).await.is(200).items();
        for dated in ["dueOn", "reachedOn", "evidence", "deliveredOn", "link"] {
            assert!(items.iter().all(|item| item[dated].is_null()), "{dated}");
        }
        items.iter().map(|item| item["title"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(titles("milestones").await, ["Stagebureau geopend", "25 stagiairs"]);
    assert_eq!(titles("deliverables").await, ["Werkwijze"]);
    assert_eq!(titles("barriers").await, [Value::Null; 0]);
    assert_eq!(titles("partners").await, [Value::Null; 0]);
    assert_eq!(scene.elsewhere.get(&format!("{path}/transitions")).await.is(200).items().len(), 1);
    scene.bureau.get(&path).await.is_problem(404, "not-found");
}

#[actix_web::test]
async fn who_may_enter_an_initiative_may_enter_a_copy() {
    let scene = published().await;
    let copies = format!("{}/copies", scene.path);
    let to =
        |code: &str| json!({ "regionId": scene.region, "leadOrganisationId": scene.lead_organisation, "code": code });
    scene.bureau.post(&copies, &to("voorbeeld")).await.is_problem(409, "code-taken");
    scene.elsewhere.post(&copies, &to("andere")).await.is_problem(403, "not-permitted-on-resource");
    scene.neighbour.post(&copies, &to("andere")).await.is_problem(403, "not-permitted-on-resource");
    let mut titled = to("nieuwe");
    titled["title"] = json!("Stages dichterbij");
    let copy = scene.lead.post(&copies, &titled).await.is(201);
    assert_eq!(copy.text_at("/title"), "Stages dichterbij");

    let draft = format!("{}/copies", copy.header("location"));
    scene.elsewhere.post(&draft, &to("derde")).await.is_problem(404, "not-found");
    let fund = scene.app.client("demo-ssfh-1").await;
    fund.post(&copies, &to("vierde")).await.is_problem(403, "scope-missing");
}

#[actix_web::test]
async fn bureaus_elsewhere_see_the_plan_of_what_is_published_and_not_its_barriers() {
    let scene = published().await;
    assert_eq!(scene.elsewhere.get(&scene.parts("milestones")).await.is(200).items().len(), 2);
    assert_eq!(scene.elsewhere.get(&scene.parts("deliverables")).await.is(200).items().len(), 1);
    assert_eq!(scene.elsewhere.get(&scene.parts("barriers")).await.is(200).items().len(), 0);
    let practice = scene.app.client("demo-praktijk-van-gent").await;
    practice.get(&scene.path).await.is(200);
    assert_eq!(practice.get(&scene.parts("milestones")).await.is(200).items().len(), 0);
}
