//! Steps that are corrected: from the last one backwards, by the rules of the state they return to.

use serde_json::{Value, json};

use super::PRACTICE;
use super::agreements::agreed;
use super::placing::{Scene, moves, moves_because, status};
use crate::support::{Answer, TestClient};

async fn steps(client: &TestClient, path: &str) -> Vec<Value> {
    client.get(&format!("{path}/transitions")).await.is(200).items()
}

/// Corrects the last step that led to this state from another one.
async fn correct(client: &TestClient, path: &str, to: &str, how: Value) -> Answer {
    let steps = steps(client, path).await;
    let step = steps.iter().rev().find(|step| step["to"] == to && step["from"] != to).unwrap();
    correct_step(client, path, step, how).await
}

async fn correct_step(client: &TestClient, path: &str, step: &Value, how: Value) -> Answer {
    let mut body = json!({ "note": "Per abuis" });
    body.as_object_mut().unwrap().extend(how.as_object().unwrap().clone());
    client.post(&format!("{path}/transitions/{}/corrections", step["id"].as_str().unwrap()), &body).await
}

async fn take_back(client: &TestClient, path: &str, to: &str) -> Answer {
    correct(client, path, to, json!({ "withdrawn": true })).await
}

async fn moves_on(client: &TestClient, path: &str, to: &str, day: &str) -> Answer {
    client.post(&format!("{path}/transitions"), &json!({ "to": to, "effectiveOn": day })).await
}

#[actix_web::test]
async fn what_was_taken_back_leaves_the_step_before_as_the_last_one() {
    let scene = Scene::start().await;
    let (practice, path) = (&scene.practice, format!("/v1/placement-offers/{}", scene.offer));
    moves_on(practice, &path, "closed", "2018-06-01").await.is(200);
    correct(practice, &path, "published", json!({ "effectiveOn": "2018-03-02" }))
        .await
        .is_problem(409, "not-correctable");
    assert_eq!(take_back(practice, &path, "closed").await.is(200).text_at("/status"), "published");
    let mark = steps(practice, &path).await.pop().unwrap();
    assert_eq!((&mark["from"], &mark["to"]), (&json!("published"), &json!("published")));
    correct_step(practice, &path, &mark, json!({ "withdrawn": true })).await.is_problem(409, "not-correctable");

    let later = correct(practice, &path, "published", json!({ "effectiveOn": "2018-03-20" })).await.is(200);
    assert_eq!(later.text_at("/status"), "published");
    let early = moves_on(practice, &path, "closed", "2018-03-19").await;
    early.has_fault("/effectiveOn", "effective-on-out-of-order");
    correct(practice, &path, "published", json!({ "effectiveOn": "2018-03-01" })).await.is(200);
    moves_on(practice, &path, "closed", "2018-03-02").await.is(200);
    take_back(practice, &path, "closed").await.is(200);
    assert_eq!(take_back(practice, &path, "published").await.is(200).text_at("/status"), "draft");
    take_back(practice, &path, "published").await.is_problem(409, "not-correctable");
    moves_on(practice, &path, "published", "2018-03-05").await.is(200);
}

#[actix_web::test]
async fn a_placement_goes_back_step_by_step_by_those_whose_steps_they_were() {
    let scene = Scene::start().await;
    let (school, practice) = (&scene.ground.school.client, &scene.practice);
    let path = scene.placed("back-1", "confirmed").await;
    take_back(practice, &path, "reserved").await.is_problem(409, "not-correctable");
    assert_eq!(take_back(practice, &path, "confirmed").await.is(200).text_at("/status"), "introduced");
    take_back(practice, &path, "introduced").await.is_problem(403, "not-permitted-on-resource");
    take_back(practice, &path, "reserved").await.is_problem(409, "not-correctable");
    assert_eq!(take_back(school, &path, "introduced").await.is(200).text_at("/status"), "reserved");
    assert_eq!(scene.taken(practice).await, 1);
    assert_eq!(take_back(practice, &path, "reserved").await.is(200).text_at("/status"), "proposed");
    assert_eq!(scene.taken(practice).await, 0);
    take_back(school, &path, "proposed").await.is_problem(409, "not-correctable");
    moves(practice, &path, "reserved").await.is(200);
}

#[actix_web::test]
async fn an_offer_that_a_placement_names_is_no_draft_again() {
    let scene = Scene::start().await;
    let (practice, path) = (&scene.practice, format!("/v1/placement-offers/{}", scene.offer));
    let placement = scene.propose(&scene.student("draft-1").await).await;
    take_back(practice, &path, "published").await.is_problem(409, "not-correctable");
    moves_because(practice, &placement, "cancelled", Some("entered-wrongly")).await.is(200);
    take_back(practice, &path, "published").await.is_problem(409, "not-correctable");
    correct(practice, &path, "published", json!({ "effectiveOn": "2018-03-02" })).await.is(200);
    practice.change(&path, &json!({ "endsOn": "2019-07-04" })).await.is_problem(409, "published-stands");
}

#[actix_web::test]
async fn an_offer_is_published_again_only_by_a_host_of_the_region() {
    let scene = Scene::start().await;
    let (practice, bureau) = (&scene.practice, &scene.ground.bureau);
    let path = format!("/v1/placement-offers/{}", scene.offer);
    moves(practice, &path, "closed").await.is(200);
    let memberships = format!("/v1/regions/{}/memberships", scene.ground.region);
    let query = format!("{memberships}?organisationId={}", scene.app.organisation_of(PRACTICE).await);
    let membership = format!("{memberships}/{}", bureau.get(&query).await.is(200).text_at("/items/0/id"));
    bureau.change(&membership, &json!({ "effectiveTo": "2019-06-01" })).await.is(200);
    take_back(practice, &path, "closed").await.is_problem(409, "not-a-host");
    let day = steps(practice, &path).await.last().unwrap()["effectiveOn"].clone();
    correct(practice, &path, "closed", json!({ "effectiveOn": day })).await.is(200);
    bureau.change(&membership, &json!({ "effectiveTo": null })).await.is(200);
    assert_eq!(take_back(practice, &path, "closed").await.is(200).text_at("/status"), "published");
}

#[actix_web::test]
async fn a_seat_is_taken_again_only_while_the_offer_is_published() {
    let scene = Scene::with_seats(2).await;
    let (school, practice) = (&scene.ground.school.client, &scene.practice);
    let offer = format!("/v1/placement-offers/{}", scene.offer);
    let (path, kept) = (scene.placed("seat-1", "reserved").await, scene.placed("seat-2", "introduced").await);
    moves_because(school, &path, "cancelled", Some("postponed")).await.is(200);
    moves(practice, &offer, "closed").await.is(200);
    take_back(school, &path, "cancelled").await.is_problem(409, "offer-not-published");
    assert_eq!(take_back(school, &kept, "introduced").await.is(200).text_at("/status"), "reserved", "it kept its seat");
    take_back(practice, &offer, "closed").await.is(200);
    assert_eq!(take_back(school, &path, "cancelled").await.is(200).text_at("/status"), "reserved");
    assert_eq!(status(practice, &path).await, "reserved");
}

#[actix_web::test]
async fn what_was_confirmed_stays_so_while_an_agreement_stands() {
    let scene = Scene::start().await;
    let (placement, agreement) = agreed(&scene, "corrections-9").await;
    take_back(&scene.practice, &placement, "confirmed").await.is_problem(409, "not-correctable");
    let school = &scene.ground.school.client;
    school.post(&format!("{agreement}/ending"), &json!({ "endReason": "entered-wrongly" })).await.is(200);
    take_back(&scene.practice, &placement, "confirmed").await.is(200);
}
