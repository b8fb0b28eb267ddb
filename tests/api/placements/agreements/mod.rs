//! Agreements on placements: made, amended and signed by each side, the student by a mailed link.

mod corrections;
mod ending;
pub mod link;
mod page;
mod sheets;
mod switching;

use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};

use super::placing::{Scene, moves, moves_because};
use super::{FUNDER, OTHER_BUREAU, OTHER_SCHOOL, PRACTICE};
use crate::support::{Answer, TestClient};

/// A confirmed placement of a student with a school e-mail address; its path.
pub async fn confirmed(scene: &Scene, key: &str) -> String {
    let more = json!({ "learningPath": "bol", "schoolEmail": format!("{key}@school.example") });
    let path = scene.propose(&scene.ground.student(key, more).await).await;
    moves(&scene.practice, &path, "reserved").await.is(200);
    moves(&scene.practice, &path, "confirmed").await.is(200);
    path
}

/// A confirmed placement and the path of its agreement.
pub async fn agreed(scene: &Scene, key: &str) -> (String, String) {
    let placement = confirmed(scene, key).await;
    let made = scene.ground.school.client.post(&format!("{placement}/agreements"), &json!({})).await.is(201);
    (placement, made.header("location"))
}

pub async fn sign(client: &TestClient, agreement: &str, party: &str, more: Value) -> Answer {
    let mut body = json!({ "party": party, "method": "e-signature" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    client.post_keyed(&format!("{agreement}/signatures"), &body).await
}

/// All three parties sign; the agreement after that.
pub async fn all_sign(scene: &Scene, agreement: &str) -> Value {
    let school = &scene.ground.school.client;
    sign(school, agreement, "school", json!({})).await.is(200);
    sign(&scene.practice, agreement, "practice", json!({})).await.is(200);
    let whole = sign(school, agreement, "student", paper()).await.is(200);
    assert_eq!(whole.json()["awaiting"], json!([]));
    whole.json()
}

/// The placement stands in this state, whatever it needed on the way there.
pub fn stands_at(scene: &Scene, placement: &str, status: &str) {
    let id = placement.rsplit('/').next().unwrap();
    let set = format!("UPDATE placements SET status = '{status}' WHERE id = '{id}'");
    scene.app.database.owner().batch_execute(&format!("SET session_replication_role = replica; {set}")).unwrap();
}

/// What of the needs of a placement is missing.
pub async fn missing(client: &TestClient, placement: &str) -> Vec<String> {
    let items = client.get(&format!("{placement}/readiness")).await.is(200).json()["items"].as_array().unwrap().clone();
    let open = items.iter().filter(|item| item["met"] == false);
    open.map(|item| item["need"].as_str().unwrap().to_owned()).collect()
}

/// Evidence on paper.
pub fn paper() -> Value {
    json!({ "method": "paper", "evidence": { "kind": "signed-form", "reference": "Overeenkomsten 2018, map 3" } })
}

pub fn signature_missing(readiness: &Answer) -> bool {
    let items = readiness.json()["items"].as_array().unwrap().clone();
    items.iter().any(|item| item["need"] == "signed-agreement" && item["met"] == false)
}

#[actix_web::test]
async fn a_school_makes_one_agreement_with_the_terms_of_the_placement() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let early = scene.placed("agree-1", "reserved").await;
    let agreements = format!("{early}/agreements");
    school.post(&agreements, &json!({})).await.is_problem(409, "agreement-not-due");
    scene.practice.post(&agreements, &json!({})).await.is_problem(403, "scope-missing");
    moves(&scene.practice, &early, "confirmed").await.is(200);
    moves(school, &early, "agreement-pending").await.is_problem(409, "sheet-missing");

    let made = school.post(&agreements, &json!({ "leerbedrijfId": "900000012" })).await.is(201);
    let sheet = &made.json()["sheets"][0];
    assert_eq!((&sheet["startsOn"], &sheet["endsOn"]), (&json!("2018-09-03"), &json!("2031-07-04")));
    assert_eq!((&sheet["number"], &sheet["hoursPerWeek"]), (&json!(1), &json!(16)));
    assert_eq!((&sheet["leerbedrijfId"], &sheet["needsSignatures"]), (&json!("900000012"), &json!(true)));
    assert_eq!(made.json()["awaiting"], json!(["student", "school", "practice"]));
    school.post(&agreements, &json!({})).await.is_problem(409, "agreement-stands");
    moves(school, &early, "agreement-pending").await.is(200);
    let ready = moves(school, &early, "ready").await.is_problem(409, "not-ready");
    assert!(ready.json()["missing"].as_array().unwrap().contains(&json!("signed-agreement")));
}

#[actix_web::test]
async fn each_party_signs_for_itself_and_the_third_completes_it() {
    let scene = Scene::start().await;
    let (school, practice) = (&scene.ground.school.client, &scene.practice);
    let (placement, agreement) = agreed(&scene, "agree-2").await;
    sign(practice, &agreement, "school", json!({})).await.is_problem(403, "not-yours-to-sign");
    sign(practice, &agreement, "student", paper()).await.is_problem(403, "not-yours-to-sign");
    sign(school, &agreement, "practice", json!({})).await.is_problem(403, "not-yours-to-sign");
    sign(&scene.ground.bureau, &agreement, "school", json!({})).await.is_problem(403, "not-yours-to-sign");
    sign(school, &agreement, "school", json!({ "method": "paper" })).await.has_fault("/evidence", "evidence-needed");
    sign(school, &agreement, "school", json!({ "method": "link" })).await.has_fault("/method", "signed-by-link-only");
    sign(school, &agreement, "school", json!({ "signedOn": "2199-01-01" }))
        .await
        .has_fault("/signedOn", "in-the-future");
    sign(school, &agreement, "student", json!({ "method": "digid" })).await.has_fault("/evidence", "evidence-needed");

    sign(school, &agreement, "school", json!({ "signedOn": "2018-06-18" })).await.is(200);
    sign(school, &agreement, "school", json!({})).await.is_problem(409, "already-signed");
    sign(practice, &agreement, "practice", json!({})).await.is(200);
    assert!(signature_missing(&school.get(&format!("{placement}/readiness")).await.is(200)));
    let whole = sign(school, &agreement, "student", paper()).await.is(200);
    assert_eq!(whole.json()["awaiting"], json!([]));
    assert_eq!(whole.json()["sheets"][0]["signatures"].as_array().unwrap().len(), 3);
    for side in [school, practice, &scene.ground.bureau] {
        assert!(!signature_missing(&side.get(&format!("{placement}/readiness")).await.is(200)));
    }
}

#[actix_web::test]
async fn a_bureau_makes_the_first_sheet_and_signs_under_a_mandate_only() {
    let scene = Scene::start().await;
    let bureau = &scene.ground.bureau;
    let placement = confirmed(&scene, "agree-3").await;
    let made = bureau.post(&format!("{placement}/agreements"), &json!({})).await.is(201);
    let agreement = made.header("location");
    let amended = bureau.post(&format!("{agreement}/sheets"), &json!({ "totalHours": 300 })).await;
    amended.is_problem(403, "scope-missing");
    let signed = sign(bureau, &agreement, "practice", json!({})).await.is(200);
    let signature = &signed.json()["sheets"][0]["signatures"][0];
    assert_eq!(signature["onBehalfOf"], scene.app.organisation_of(PRACTICE).await);
    assert!(signature["mandateId"].is_string());

    let mandates = scene.practice.get("/v1/mandates?status=granted").await.is(200);
    for mandate in mandates.json()["items"].as_array().unwrap() {
        let path = format!("/v1/mandates/{}/transitions", mandate["id"].as_str().unwrap());
        scene.practice.post(&path, &json!({ "to": "revoked" })).await.is(200);
    }
    sign(bureau, &agreement, "practice", json!({})).await.is_problem(403, "mandate-missing");
}

#[actix_web::test]
async fn nobody_else_sees_an_agreement_and_it_ends_with_its_placement() {
    let scene = Scene::start().await;
    let (placement, agreement) = agreed(&scene, "agree-4").await;
    for stranger in [OTHER_SCHOOL, OTHER_BUREAU] {
        let stranger = scene.app.client(stranger).await;
        stranger.get(&agreement).await.is_problem(404, "not-found");
        stranger.get(&format!("{placement}/agreements")).await.is_problem(404, "not-found");
        sign(&stranger, &agreement, "school", json!({})).await.is_problem(404, "not-found");
    }
    scene.app.client(FUNDER).await.get(&agreement).await.is_problem(403, "scope-missing");
    let other = confirmed_elsewhere(&scene).await;
    let id = agreement.rsplit('/').next().unwrap();
    scene.practice.get(&format!("{other}/agreements/{id}")).await.is_problem(404, "not-found");

    moves_because(&scene.practice, &placement, "cancelled", Some("host-withdrew")).await.is(200);
    let listed = scene.ground.school.client.get(&format!("{placement}/agreements")).await.is(200);
    assert!(listed.json()["items"][0]["endedOn"].is_string());
    sign(&scene.practice, &agreement, "practice", json!({})).await.is_problem(409, "placement-not-under-way");
}

/// Another placement of the same sides.
async fn confirmed_elsewhere(scene: &Scene) -> String {
    scene.propose(&scene.student("agree-elsewhere").await).await
}
