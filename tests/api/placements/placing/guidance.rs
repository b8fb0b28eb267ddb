//! Who may be named as the mentor of an intern.

use serde_json::json;

use super::super::PRACTICE;
use super::super::offer_mentors::mentor;
use super::Scene;
use crate::support::{Answer, TestClient};

async fn guide(client: &TestClient, path: &str, mentor: &str) -> Answer {
    let etag = client.get(path).await.is(200).header("etag");
    client.patch(&format!("{path}/guidance"), &etag, &json!({ "mentorId": mentor })).await
}

#[actix_web::test]
async fn whoever_is_not_active_or_guides_for_another_profession_guides_no_intern() {
    let scene = Scene::start().await;
    let path = scene.placed("guidance-1", "confirmed").await;
    let nurse = mentor(&scene, PRACTICE, "practice-nurse-somatic").await;
    let assistant = mentor(&scene, PRACTICE, "doctors-assistant").await;
    let left = mentor(&scene, PRACTICE, "doctors-assistant").await;
    scene.practice.change(&format!("/v1/mentors/{left}"), &json!({ "active": false })).await.is(200);
    let elsewhere = mentor(&scene, "demo-praktijk-tweede-beuk", "doctors-assistant").await;
    // The bureau has a mandate for placements.
    for client in [&scene.practice, &scene.ground.bureau] {
        for who in [&nurse, &left] {
            guide(client, &path, who).await.has_fault("/mentorId", "mentor-does-not-guide");
        }
        guide(client, &path, &elsewhere).await.has_fault("/mentorId", "unknown-reference");
        assert_eq!(guide(client, &path, &assistant).await.is(200).text_at("/mentorId"), assistant);
    }
    scene.practice.change(&format!("/v1/mentors/{nurse}"), &json!({ "guides": ["doctors-assistant"] })).await.is(200);
    assert_eq!(guide(&scene.practice, &path, &nurse).await.is(200).text_at("/mentorId"), nurse);
}
