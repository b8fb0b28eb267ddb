//! A seat that came free: the bureau is told, and who is next.

use serde_json::{Value, json};

use super::super::placing::{Scene, moves, moves_because};
use super::super::{BUREAU, FUNDER, OTHER_BUREAU, PRACTICE, SCHOOL};
use super::{kinds, set};
use crate::students::owner_reads;
use crate::support::Setting;

/// An offer of one seat from September 2031, for the school-based path and the second year; its path.
async fn offer(scene: &Scene) -> String {
    let like = scene.practice.get(&format!("/v1/placement-offers/{}", scene.offer)).await.is(200);
    let offer = json!({
        "practiceId": scene.app.organisation_of(PRACTICE).await, "qualificationId": like.text_at("/qualification/id"),
        "learningPaths": ["bol"], "studyYears": [2], "startsOn": "2031-09-01", "endsOn": "2032-01-31", "seats": 1,
        "setting": "day-practice",
    });
    let path = scene.practice.post("/v1/placement-offers", &offer).await.is(201).header("location");
    moves(&scene.practice, &path, "published").await.is(200);
    path
}

/// A student who waits; the id of the request.
async fn waits(scene: &Scene, key: &str, more: Value, period: Value) -> String {
    let mut who = json!({ "learningPath": "bol", "studyYear": 2 });
    who.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let student = scene.ground.student(key, who).await;
    scene.ground.ask(&student, period).await.is(201).text_at("/id")
}

/// The requests of those who are next for the offer.
async fn next(scene: &Scene, offer: &str) -> Vec<String> {
    let listed = scene.ground.bureau.get(&format!("{offer}/candidates")).await.is(200).items();
    listed.iter().map(|waiting| waiting["requestId"].as_str().unwrap().to_owned()).collect()
}

/// Proposes the student of a request for the seat, and has it reserved; the path of the placement.
async fn reserved(scene: &Scene, offer: &str, request: &str) -> String {
    let asked = scene.ground.bureau.get(&format!("/v1/placement-requests/{request}")).await.is(200);
    let body = json!({
        "studentId": asked.text_at("/studentId"), "offerId": offer.rsplit('/').next().unwrap(),
        "requestId": request, "learningPath": "bol" });
    let path = scene.ground.bureau.post("/v1/placements", &body).await.is(201).header("location");
    assert_eq!(next(scene, offer).await.iter().filter(|id| *id == request).count(), 0, "who is proposed is not next");
    moves(&scene.practice, &path, "reserved").await.is(200);
    path
}

#[actix_web::test]
async fn who_fits_is_next_in_the_order_of_the_waiting_list() {
    let scene = Scene::start().await;
    let offer = offer(&scene).await;
    let first = waits(&scene, "seat-1", json!({}), json!({})).await;
    let second = waits(&scene, "seat-2", json!({ "studyYear": null }), json!({ "endsOn": "2031-09-01" })).await;
    waits(&scene, "seat-bbl", json!({ "learningPath": "bbl" }), json!({})).await;
    waits(&scene, "seat-year", json!({ "studyYear": 3 }), json!({})).await;
    waits(&scene, "seat-days", json!({}), json!({ "startsOn": "2032-02-01", "endsOn": "2032-06-30" })).await;
    assert_eq!(next(&scene, &offer).await, [first.clone(), second.clone()]);
    scene.ground.rank(&format!("/v1/placement-requests/{second}"), &json!({ "priority": "final-year" })).await.is(200);
    assert_eq!(next(&scene, &offer).await, [second.clone(), first.clone()]);
    let page = scene.ground.bureau.get(&format!("{offer}/candidates?limit=1")).await.is(200);
    let onward = format!("{offer}/candidates?limit=1&cursor={}", page.text_at("/nextCursor"));
    assert_eq!(scene.ground.bureau.get(&onward).await.is(200).text_at("/items/0/requestId"), first);
    assert!(!page.text().contains("Honderd"), "nobody is named");

    let elsewhere = scene.app.organisation_of(super::super::OTHER_SCHOOL).await;
    let kept = format!(
        "UPDATE placement_offers SET reserved_school_ids = ARRAY['{elsewhere}'::uuid] WHERE id = '{}' \
         RETURNING id::text AS value",
        offer.rsplit('/').next().unwrap()
    );
    assert_eq!(owner_reads(&scene.app, &kept).len(), 1);
    assert_eq!(next(&scene, &offer).await, Vec::<String>::new());
    let candidates = format!("{offer}/candidates");
    scene.app.client(OTHER_BUREAU).await.get(&candidates).await.is_problem(404, "not-found");
    for stranger in [&scene.practice, &scene.ground.school.client, &scene.app.client(FUNDER).await] {
        stranger.get(&candidates).await.is_problem(403, "scope-missing");
    }
}

#[actix_web::test]
async fn the_bureau_fills_a_seat_that_came_free() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let offer = offer(&scene).await;
    let first = waits(&scene, "free-1", json!({}), json!({})).await;
    let path = reserved(&scene, &offer, &first).await;
    let fills = async |path: &str| kinds(bureau, path).await.contains(&"fill-free-seat".to_owned());
    moves_because(&scene.practice, &path, "declined", Some("no-match")).await.is(200);
    assert!(!fills(&path).await, "whoever was declined here is not next");
    let second = waits(&scene, "free-2", json!({}), json!({})).await;
    assert_eq!(next(&scene, &offer).await, std::slice::from_ref(&second));
    assert!(fills(&path).await);
    let board = bureau.get("/v1/tasks?kind=fill-free-seat&assignee=region").await.is(200).items();
    assert_eq!(board.len(), 1);
    assert_eq!((&board[0]["href"], &board[0]["overdue"]), (&json!(format!("{offer}/candidates")), &json!(false)));
    for other in [school, &scene.practice] {
        assert!(kinds(other, &path).await.is_empty(), "only the bureau is told");
        assert!(other.get("/v1/tasks?kind=fill-free-seat").await.is(200).items().is_empty());
    }

    let again = reserved(&scene, &offer, &second).await;
    assert!(!fills(&path).await, "the seat is taken");
    let third = waits(&scene, "free-3", json!({}), json!({})).await;
    moves_because(school, &again, "cancelled", Some("student-declined")).await.is(200);
    assert!(fills(&again).await && !fills(&path).await, "one seat, one task");
    let body = json!({ "to": "withdrawn", "reasonCode": "own-place" });
    school.post(&format!("/v1/placement-requests/{third}/transitions"), &body).await.is(200);
    assert!(!fills(&again).await, "nobody waits any more");
    waits(&scene, "free-4", json!({}), json!({})).await;
    assert!(fills(&again).await);
    moves(&scene.practice, &offer, "closed").await.is(200);
    assert!(!fills(&again).await, "nor is a seat that is no longer offered filled");
}

#[actix_web::test]
async fn who_ended_early_waits_again_and_the_next_is_shown_for_the_seat() {
    let scene = Scene::start().await;
    let offer = offer(&scene).await;
    let first = waits(&scene, "early-1", json!({}), json!({})).await;
    let path = reserved(&scene, &offer, &first).await;
    moves(&scene.practice, &path, "confirmed").await.is(200);
    let second = waits(&scene, "early-2", json!({}), json!({})).await;
    set(&scene, &path, "active", None);
    let later = scene.app.beside(Setting { today: Some("2031-10-15".parse().unwrap()), ..Setting::default() }).await;
    let (school, bureau) = (later.client(SCHOOL).await, later.client(BUREAU).await);
    let fills = async || kinds(&bureau, &path).await.contains(&"fill-free-seat".to_owned());
    let taken = async || bureau.get(&offer).await.is(200).json()["seatsTaken"].clone();
    let asked = school.get(&format!("/v1/placement-requests/{first}")).await.is(200).json();
    let again = scene.ground.body(asked["studentId"].as_str().unwrap(), &json!({ "startsOn": "2031-10-20" }));
    school.post("/v1/placement-requests", &again).await.is_problem(409, "placement-overlap");
    assert!(!fills().await);
    assert_eq!(taken().await, 1);

    let ended = moves_because(&school, &path, "ended-early", Some("no-match")).await.is(200);
    assert_eq!(
        (ended.text_at("/ended/on").as_str(), &ended.json()["ended"]["countsAsDropout"]),
        ("2031-10-15", &json!(true))
    );
    assert_eq!(taken().await, 0, "the seat is back");
    assert!(fills().await);
    let board = bureau.get("/v1/tasks?kind=fill-free-seat").await.is(200).items();
    assert!(board.iter().any(|task| task["href"] == json!(format!("{offer}/candidates"))), "{board:?}");
    assert_eq!(next(&scene, &offer).await, std::slice::from_ref(&second));

    let waiting = school.post("/v1/placement-requests", &again).await.is(201);
    assert_eq!(waiting.text_at("/status"), "open");
    assert_eq!(next(&scene, &offer).await, [second], "not for the seat that was left");
    let past = school.get(&format!("/v1/placement-requests/{first}")).await.is(200);
    assert_eq!(past.text_at("/status"), "placed", "what was asked before is history");
    school.post("/v1/placement-requests", &again).await.is_problem(409, "request-overlap");
    let place = async || {
        let list = format!(
            "/v1/regions/{}/waiting-list?limit=200&qualificationId={}",
            scene.ground.region,
            asked["qualification"]["id"].as_str().unwrap()
        );
        let listed = bureau.get(&list).await.is(200).items();
        listed.iter().find(|item| item["requestId"] == waiting.json()["id"]).unwrap()["position"].as_i64().unwrap()
    };
    let behind = place().await;
    assert!(behind > 1, "{behind}");
    scene.ground.rank(&waiting.header("location"), &json!({ "priority": "placement-ended" })).await.is(200);
    assert!(place().await < behind);
}
