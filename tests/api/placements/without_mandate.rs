//! What a bureau hears that has no mandate: so before anything that a row's state decides.

use reqwest::Method;
use serde_json::{Value, json};

use super::agreements::{agreed, sign};
use super::placing::{Scene, moves};
use super::{BUREAU, PRACTICE};
use crate::mandates::second_region;
use crate::support::Answer;

/// The practice takes back every mandate that it gave.
pub async fn revoke_mandates(scene: &Scene) {
    for mandate in scene.practice.get("/v1/mandates?status=granted").await.is(200).items() {
        moves(&scene.practice, &format!("/v1/mandates/{}", mandate["id"].as_str().unwrap()), "revoked").await.is(200);
    }
    scene.app.db.forget_standings();
}

#[actix_web::test]
async fn a_step_of_the_host_is_refused_before_its_state_is_looked_at() {
    let scene = Scene::start().await;
    let bureau = &scene.ground.bureau;
    let path = scene.propose(&scene.student("mandate-1").await).await;
    revoke_mandates(&scene).await;
    moves(bureau, &path, "confirmed").await.is_problem(403, "mandate-missing");
    moves(bureau, &path, "declined").await.is_problem(403, "mandate-missing");
    moves(bureau, &path, "reserved").await.is(200);
    moves(&scene.practice, &path, "active").await.is_problem(409, "invalid-transition");

    let refused = moves(bureau, &path, "active").await.is_problem(409, "invalid-transition");
    assert_eq!(refused.json()["allowedTransitions"], json!(["cancelled"]));
    assert_eq!(bureau.get(&path).await.is(200).json()["allowedTransitions"], refused.json()["allowedTransitions"]);
    let refused = moves(&scene.practice, &path, "active").await.is_problem(409, "invalid-transition");
    assert_eq!(refused.json()["allowedTransitions"], json!(["confirmed", "declined", "cancelled"]));
}

#[actix_web::test]
async fn guidance_is_refused_before_the_version_is_asked_for() {
    let scene = Scene::start().await;
    let bureau = &scene.ground.bureau;
    let path = format!("{}/guidance", scene.propose(&scene.student("mandate-2").await).await);
    revoke_mandates(&scene).await;
    let without = |client: &crate::support::TestClient| {
        let request = client.request(Method::PATCH, &path).header("Content-Type", "application/merge-patch+json");
        request.body(json!({ "mentorId": null }).to_string())
    };
    bureau.send(without(bureau)).await.is_problem(403, "mandate-missing");
    bureau.patch(&path, "\"99-x\"", &json!({ "mentorId": null })).await.is_problem(403, "mandate-missing");
    scene.practice.send(without(&scene.practice)).await.is_problem(428, "if-match-required");
}

#[actix_web::test]
async fn a_signature_is_refused_before_the_end_of_the_agreement_is_told() {
    let scene = Scene::start().await;
    let (_, agreement) = agreed(&scene, "mandate-3").await;
    revoke_mandates(&scene).await;
    let over = json!({ "endReason": "entered-wrongly" });
    scene.ground.school.client.post(&format!("{agreement}/ending"), &over).await.is(200);
    sign(&scene.ground.bureau, &agreement, "practice", json!({})).await.is_problem(403, "mandate-missing");
    sign(&scene.practice, &agreement, "school", json!({})).await.is_problem(403, "not-yours-to-sign");
    sign(&scene.practice, &agreement, "practice", json!({})).await.is_problem(409, "agreement-ended");
}

#[actix_web::test]
async fn an_agreement_that_is_signed_ends_by_its_school_or_under_a_mandate() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let (placement, agreement) = agreed(&scene, "mandate-4").await;
    let over = json!({ "endReason": "entered-wrongly" });
    sign(school, &agreement, "school", json!({})).await.is(200);
    revoke_mandates(&scene).await;
    bureau.post(&format!("{agreement}/ending"), &over).await.is_problem(403, "mandate-missing");
    school.post(&format!("{agreement}/ending"), &over).await.is(200);
    bureau.post(&format!("{agreement}/ending"), &over).await.is_problem(403, "mandate-missing");

    let again = bureau.post(&format!("{placement}/agreements"), &json!({})).await.is(201).header("location");
    bureau.post(&format!("{again}/ending"), &over).await.is(200);
}

/// The bureau is mandated for everything, in another region of its own.
async fn mandate_elsewhere(scene: &Scene) {
    revoke_mandates(scene).await;
    let practice = scene.app.organisation_of(PRACTICE).await;
    let paper = json!({
        "practiceId": practice, "regionId": second_region(&scene.app, BUREAU, &practice).await,
        "scopes": ["offers", "placements", "agreements", "mentors", "employment"],
        "evidence": { "kind": "signed-form", "reference": "Map 5" },
    });
    scene.ground.bureau.post("/v1/mandates", &paper).await.is(201);
    scene.app.db.forget_standings();
}

/// The correction that takes the last step back.
async fn taken_back(scene: &Scene, path: &str) -> (String, Value) {
    let steps = scene.practice.get(&format!("{path}/transitions")).await.is(200).items();
    let last = steps.last().unwrap()["id"].as_str().unwrap().to_owned();
    (format!("{path}/transitions/{last}/corrections"), json!({ "withdrawn": true, "note": "Toch niet." }))
}

#[actix_web::test]
async fn a_mandate_for_another_region_allows_no_act_here() {
    let scene = Scene::with_seats(4).await;
    let (practice, bureau) = (&scene.practice, &scene.ground.bureau);
    let host = scene.app.organisation_of(PRACTICE).await;
    let introduced = scene.placed("region-1", "introduced").await;
    let confirmed = scene.placed("region-2", "confirmed").await;
    let (_, unsigned) = agreed(&scene, "region-3").await;
    let (_, agreement) = agreed(&scene, "region-4").await;
    let signed = sign(practice, &agreement, "practice", json!({})).await.is(200);
    let signature = format!("/v1/agreement-signatures/{}", signed.text_at("/sheets/0/signatures/0/id"));
    let student = scene.student("region-5").await;
    let employed = scene.try_propose(&student, json!({ "learningPath": "bbl" })).await.is(201).header("location");
    let week = |first: &str, last: &str| json!({ "startsOn": first, "endsOn": last, "plannedMinutes": 960, "presentMinutes": 960 });
    let attendance = format!("{confirmed}/attendance");
    let entered = practice.post(&attendance, &week("2018-10-08", "2018-10-14")).await.is(201).header("location");
    let offer = format!("/v1/placement-offers/{}", scene.offer);
    let like = practice.get(&offer).await.is(200);
    let new_offer = json!({
        "practiceId": host, "regionId": scene.ground.region, "qualificationId": like.text_at("/qualification/id"),
        "learningPaths": ["bol"], "startsOn": "2031-09-01", "endsOn": "2032-01-31", "seats": 1, "setting": "day-practice",
    });
    mandate_elsewhere(&scene).await;

    let of_placement = taken_back(&scene, &confirmed).await;
    let of_offer = taken_back(&scene, &offer).await;
    let to = |path: &str, step: &str| (format!("{path}/transitions"), json!({ "to": step, "reasonCode": null }));
    let declined = json!({ "to": "declined", "reasonCode": "no-capacity" });
    let employs = json!({ "employer": { "kind": "host", "organisationId": host, "from": "2018-09-03" } });
    let by_practice = json!({ "party": "practice", "method": "e-signature" });
    let mut answers = Vec::new();
    for (path, body) in [
        to(&introduced, "confirmed"),
        (format!("{introduced}/transitions"), declined),
        of_placement,
        (attendance, week("2018-10-15", "2018-10-21")),
        (format!("{unsigned}/signatures"), by_practice),
        (format!("{signature}/corrections"), json!({ "withdrawn": true })),
        ("/v1/placement-offers".to_owned(), new_offer),
        to(&offer, "closed"),
        of_offer,
    ] {
        answers.push((bureau.post_keyed(&path, &body).await, path));
    }
    for (path, read, body) in [
        (format!("{confirmed}/guidance"), confirmed.clone(), json!({ "mentorId": null })),
        (employed.clone(), employed, employs),
        (entered.clone(), entered, json!({ "presentMinutes": 900 })),
        (offer.clone(), offer, json!({ "seats": 5 })),
    ] {
        let etag = bureau.get(&read).await.is(200).header("etag");
        answers.push((bureau.patch(&path, &etag, &body).await, path));
    }
    let refused = |answer: &Answer| answer.status == 403 && answer.json()["code"] == "mandate-missing";
    let others = answers.iter().filter(|(answer, _)| !refused(answer));
    let others: Vec<String> =
        others.map(|(answer, path)| format!("{path}: {} {}", answer.status, answer.text())).collect();
    assert!(others.is_empty(), "{others:#?}");
}
