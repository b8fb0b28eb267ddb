//! `/initiatives/{initiativeId}/partners`.

use serde_json::json;

use super::Scene;

#[actix_web::test]
async fn a_partner_sees_the_draft_and_no_more_once_it_is_removed() {
    let scene = Scene::draft().await;
    let school = scene.app.client("demo-school-scalda").await;
    let organisation = scene.app.organisation_of("demo-school-scalda").await;
    school.get(&scene.path).await.is_problem(404, "not-found");

    let new = json!({ "organisationId": organisation, "role": "education", "effectiveFrom": "2018-07-01" });
    let partner = scene.lead.post(&scene.parts("partners"), &new).await.is(201);
    assert_eq!(partner.text_at("/organisation/id"), organisation);
    school.get(&scene.path).await.is(200);
    school.get(&scene.parts("partners")).await.is(200);
    school.post(&scene.parts("partners"), &new).await.is_problem(403, "not-permitted-on-resource");

    let path = partner.header("location");
    let ended = scene.lead.change(&path, &json!({ "effectiveTo": "2019-01-01" })).await.is(200);
    school.get(&scene.path).await.is(200);
    scene.lead.delete(&path, &ended.header("etag")).await.is(204);
    school.get(&scene.path).await.is_problem(404, "not-found");
}

#[actix_web::test]
async fn an_organisation_has_a_role_once_at_a_time() {
    let scene = Scene::draft().await;
    let (parts, organisation) = (scene.parts("partners"), scene.app.organisation_of("demo-school-scalda").await);
    let in_days = |role: &str, from: &str, to: Option<&str>| json!({ "organisationId": organisation, "role": role, "effectiveFrom": from, "effectiveTo": to });
    scene.lead.post(&parts, &in_days("education", "2018-07-01", Some("2019-01-01"))).await.is(201);
    let twice = in_days("education", "2018-12-31", None);
    scene.lead.post(&parts, &twice).await.is_problem(409, "already-partner");
    scene.lead.post(&parts, &in_days("advisor", "2018-12-31", None)).await.is(201);
    let again = scene.lead.post(&parts, &in_days("education", "2019-01-01", None)).await.is(201);
    let overlapping = json!({ "effectiveFrom": "2018-12-31" });
    scene.lead.change(&again.header("location"), &overlapping).await.is_problem(409, "already-partner");

    let on_a_day = scene.lead.get(&format!("{parts}?asOf=2018-12-31")).await.is(200).items();
    assert_eq!(on_a_day.iter().map(|item| item["role"].clone()).collect::<Vec<_>>(), ["education", "advisor"]);
    assert_eq!(scene.lead.get(&format!("{parts}?role=education")).await.is(200).items().len(), 2);
}

#[actix_web::test]
async fn a_partner_is_an_organisation_with_dates_in_order() {
    let scene = Scene::draft().await;
    let parts = scene.parts("partners");
    let nobody = json!({ "organisationId": scene.region, "role": "partner", "effectiveFrom": "2018-07-01" });
    scene.lead.post(&parts, &nobody).await.has_fault("/organisationId", "unknown-reference");
    let organisation = scene.app.organisation_of("demo-school-scalda").await;
    let backwards = json!({
        "organisationId": organisation, "role": "partner", "effectiveFrom": "2018-07-01", "effectiveTo": "2018-07-01",
    });
    scene.lead.post(&parts, &backwards).await.has_fault("/effectiveTo", "ends-before-start");
    let other = json!({ "organisationId": organisation, "role": "sponsor", "effectiveFrom": "2018-07-01" });
    scene.lead.post(&parts, &other).await.is_problem(400, "invalid-input");
}
