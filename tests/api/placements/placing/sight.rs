//! Who sees a placement, and who the student is.

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};

use super::super::agreements::stands_at;
use super::super::{BUREAU, FUNDER, OTHER_BUREAU, OTHER_SCHOOL, PRACTICE, SCHOOL};
use super::{Scene, moves_because};
use crate::students::owner_reads;
use crate::support::{Setting, TestApp};

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
    for key in [BUREAU, PRACTICE, SCHOOL] {
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

/// The same database on another business day.
async fn on(app: &TestApp, day: &str) -> TestApp {
    let today: NaiveDate = day.parse().unwrap();
    app.beside(Setting { today: Some(today), ..Setting::default() }).await
}

#[actix_web::test]
async fn host_and_bureau_know_the_name_until_the_thirtieth_day_after_the_end() {
    let scene = Scene::with_seats(2).await;
    for (key, to, reason) in [("sight-4", "completed", None), ("sight-5", "ended-early", Some("hired"))] {
        let path = scene.placed(key, "confirmed").await;
        let student = scene.practice.get(&path).await.is(200).text_at("/studentId");
        stands_at(&scene, &path, "active");
        let last_day = on(&scene.app, "2031-01-15").await;
        moves_because(&last_day.client(PRACTICE).await, &path, to, reason).await.is(200);
        for (day, knows) in [("2031-02-14", true), ("2031-02-15", false)] {
            let then = on(&scene.app, day).await;
            for side in [PRACTICE, BUREAU] {
                let side_then = then.client(side).await;
                let told = side_then.get(&format!("{path}/student")).await;
                assert_eq!(told.status == 200, knows, "{side} on {day}: {}", told.text());
            }
            let names = json!({ "studentIds": [student] });
            let bureau = then.client(BUREAU).await;
            let found = bureau.post("/v1/students/_identities", &names).await.is(200).items();
            assert_eq!(!found.is_empty(), knows, "{day}");
            then.client(SCHOOL).await.get(&format!("{path}/student")).await.is(200);
        }
    }
}

#[actix_web::test]
async fn where_nobody_records_the_end_the_name_is_known_until_thirty_days_after_the_planned_one() {
    let scene = Scene::start().await;
    let path = scene.placed("sight-6", "confirmed").await;
    stands_at(&scene, &path, "active");
    let last: NaiveDate = scene.practice.get(&path).await.is(200).text_at("/endsOn").parse().unwrap();
    for (days, knows) in [(30, true), (31, false)] {
        let then = on(&scene.app, &(last + TimeDelta::days(days)).to_string()).await;
        for side in [PRACTICE, BUREAU] {
            let told = then.client(side).await.get(&format!("{path}/student")).await;
            assert_eq!(told.status == 200, knows, "{side} {days} days after: {}", told.text());
        }
        then.client(SCHOOL).await.get(&format!("{path}/student")).await.is(200);
    }
}
