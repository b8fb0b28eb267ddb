//! What a bureau hears that has no mandate: so before anything that a row's state decides.

use reqwest::Method;
use serde_json::json;

use super::agreements::{agreed, sign};
use super::placing::{Scene, moves};

/// The practice takes back every mandate that it gave.
async fn revoke_all(scene: &Scene) {
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
    revoke_all(&scene).await;
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
    revoke_all(&scene).await;
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
    revoke_all(&scene).await;
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
    revoke_all(&scene).await;
    bureau.post(&format!("{agreement}/ending"), &over).await.is_problem(403, "mandate-missing");
    school.post(&format!("{agreement}/ending"), &over).await.is(200);
    bureau.post(&format!("{agreement}/ending"), &over).await.is_problem(403, "mandate-missing");

    let again = bureau.post(&format!("{placement}/agreements"), &json!({})).await.is(201).header("location");
    bureau.post(&format!("{again}/ending"), &over).await.is(200);
}
