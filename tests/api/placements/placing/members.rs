//! An ended membership stops new placements, and lets what there is go on.

use serde_json::json;

use super::super::{PRACTICE, SCHOOL};
use super::{Scene, moves, moves_because};

impl Scene {
    /// Ends the membership of a client's organisation, long ago.
    async fn ends_membership(&self, of: &str) {
        let memberships = format!("/v1/regions/{}/memberships", self.ground.region);
        let mine = format!("{memberships}?organisationId={}", self.app.organisation_of(of).await);
        for membership in self.ground.bureau.get(&mine).await.is(200).items() {
            let path = format!("{memberships}/{}", membership["id"].as_str().unwrap());
            self.ground.bureau.change(&path, &json!({ "effectiveTo": "2020-01-01" })).await.is(200);
        }
    }
}

#[actix_web::test]
async fn a_school_that_is_no_member_any_more_places_nobody_and_nobody_places_for_it() {
    let scene = Scene::with_seats(2).await;
    let before = scene.propose(&scene.student("members-1").await).await;
    let student = scene.student("members-2").await;
    let asked = scene.ground.ask(&student, json!({})).await.is(201);
    scene.ends_membership(SCHOOL).await;

    scene.ground.school.client.get(&format!("/v1/placement-offers/{}", scene.offer)).await.is(200);
    scene.try_propose(&student, json!({})).await.is_problem(409, "not-a-member");
    let body = json!({
        "studentId": student, "offerId": scene.offer, "learningPath": "bol", "requestId": asked.text_at("/id"),
    });
    scene.ground.bureau.post("/v1/placements", &body).await.is_problem(409, "not-a-member");
    moves(&scene.practice, &before, "reserved").await.is(200);
    moves(&scene.ground.school.client, &before, "introduced").await.is(200);
}

#[actix_web::test]
async fn at_a_practice_that_hosts_no_more_no_seat_is_proposed_or_reserved() {
    let scene = Scene::with_seats(2).await;
    let held = scene.placed("members-3", "reserved").await;
    let proposed = scene.propose(&scene.student("members-4").await).await;
    let student = scene.student("members-5").await;
    scene.ends_membership(PRACTICE).await;

    scene.try_propose(&student, json!({})).await.is_problem(409, "not-a-host");
    for side in [&scene.practice, &scene.ground.bureau] {
        moves(side, &proposed, "reserved").await.is_problem(409, "not-a-host");
    }
    moves(&scene.practice, &held, "confirmed").await.is(200);
}

#[actix_web::test]
async fn where_a_practice_hosts_no_more_a_lost_seat_is_not_taken_back() {
    let scene = Scene::start().await;
    let (school, path) = (&scene.ground.school.client, scene.placed("members-6", "reserved").await);
    moves_because(school, &path, "cancelled", Some("postponed")).await.is(200);
    scene.ends_membership(PRACTICE).await;
    let last = school.get(&format!("{path}/transitions")).await.is(200).items().pop().unwrap();
    let correction = format!("{path}/transitions/{}/corrections", last["id"].as_str().unwrap());
    let back = json!({ "withdrawn": true, "note": "Toch niet" });
    school.post(&correction, &back).await.is_problem(409, "not-a-host");
}
