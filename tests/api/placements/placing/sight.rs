//! Who sees a placement, and who the student is.

use serde_json::Value;

use super::super::{BUREAU, FUNDER, OTHER_BUREAU, OTHER_SCHOOL, PRACTICE};
use super::{Scene, moves_because};
use crate::students::owner_reads;

#[actix_web::test]
async fn three_sides_see_a_placement_and_nobody_else_does() {
    let scene = Scene::start().await;
    let path = scene.placed("sight-1", "confirmed").await;
    for side in [&scene.practice, &scene.ground.bureau, &scene.ground.school.client] {
        side.get(&path).await.is(200);
        let found = side.get(&format!("/v1/placements?offerId={}", scene.offer)).await.is(200).items();
        assert_eq!(found.len(), 1);
    }
    for stranger in [OTHER_BUREAU, OTHER_SCHOOL, "demo-praktijk-tweede-beuk"] {
        let stranger = scene.app.client(stranger).await;
        stranger.get(&path).await.is_problem(404, "not-found");
        stranger.get(&format!("{path}/student")).await.is_problem(404, "not-found");
        let found = stranger.get(&format!("/v1/placements?offerId={}", scene.offer)).await.is(200).items();
        assert_eq!(found, Vec::<Value>::new());
        moves_because(&stranger, &path, "cancelled", Some("other")).await.is_problem(404, "not-found");
    }
    scene.app.client(FUNDER).await.get(&path).await.is_problem(403, "scope-missing");
}

#[actix_web::test]
async fn every_look_at_a_name_is_on_record() {
    let scene = Scene::start().await;
    let path = scene.placed("sight-2", "confirmed").await;
    for side in [&scene.practice, &scene.ground.bureau, &scene.ground.school.client] {
        side.get(&format!("{path}/student")).await.is(200);
    }
    let looks = "SELECT organisation_id::text AS value FROM access_events WHERE operation = 'get_student_of_placement'";
    let mut seen = owner_reads(&scene.app, looks);
    let mut who = Vec::new();
    for key in [BUREAU, PRACTICE, super::super::SCHOOL] {
        who.push(scene.app.organisation_of(key).await);
    }
    seen.sort();
    who.sort();
    assert_eq!(seen, who);
}

#[actix_web::test]
async fn a_host_knows_the_name_until_thirty_days_after_the_end() {
    let scene = Scene::start().await;
    let path = scene.placed("sight-3", "confirmed").await;
    let id = path.rsplit('/').next().unwrap().to_owned();
    let knows = async |until: &str| {
        let set = format!(
            "UPDATE disclosures SET disclosed_until = app_today() + {until} WHERE placement_id = '{id}' \
             RETURNING placement_id::text AS value"
        );
        assert_eq!(owner_reads(&scene.app, &set).len(), 1);
        scene.practice.get(&format!("{path}/student")).await.status
    };
    assert_eq!(knows("0").await, 200, "the last day counts");
    assert_eq!(knows("-1").await, 404);
}
