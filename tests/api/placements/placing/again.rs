//! Asking for a seat again: not while one holds a seat, and after that as if for the first time.

use serde_json::{Value, json};

use super::super::agreements::stands_at;
use super::{Scene, moves, moves_because, status};

/// A student with a request and a placement on it that is reserved: the student, the request and the placement.
async fn seated(scene: &Scene, key: &str) -> (String, String, String) {
    let student = scene.student(key).await;
    let asked = scene.ground.ask(&student, json!({})).await.is(201);
    let named = json!({ "requestId": asked.json()["id"] });
    let placement = scene.try_propose(&student, named).await.is(201).header("location");
    moves(&scene.practice, &placement, "reserved").await.is(200);
    (student, asked.header("location"), placement)
}

#[actix_web::test]
async fn who_holds_a_seat_asks_for_no_other_in_these_days() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let (student, request, placement) = seated(&scene, "again-1").await;
    for side in [school, bureau] {
        assert_eq!(status(side, &request).await, "placed");
    }
    scene.ground.ask(&student, json!({})).await.is_problem(409, "placement-overlap");
    let last_day = json!({ "startsOn": "2032-01-31", "endsOn": "2032-06-30" });
    scene.ground.ask(&student, last_day).await.is_problem(409, "placement-overlap");
    let after = json!({ "startsOn": "2032-02-01", "endsOn": "2032-06-30" });
    let other = scene.ground.ask(&student, after).await.is(201).header("location");
    let earlier = json!({ "startsOn": "2032-01-31" });
    school.change(&other, &earlier).await.is_problem(409, "placement-overlap");
    school.change(&other, &json!({ "endsOn": "2032-06-29" })).await.is(200);

    moves_because(school, &placement, "cancelled", Some("postponed")).await.is(200);
    assert_eq!(status(school, &request).await, "open", "it came to nothing");
    scene.ground.ask(&student, json!({})).await.is_problem(409, "request-overlap");
    school.change(&other, &earlier).await.is_problem(409, "request-overlap");
}

#[actix_web::test]
async fn a_request_that_was_taken_back_stays_so_while_another_one_holds_the_days() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let student = scene.student("again-2").await;
    let first = scene.ground.ask(&student, json!({})).await.is(201).header("location");
    scene.ground.move_as(school, &first, "withdrawn").await.is(200);
    let last = school.get(&format!("{first}/transitions")).await.is(200).text_at("/items/1/id");
    let back = async || {
        let back = json!({ "withdrawn": true, "note": "Toch niet" });
        school.post(&format!("{first}/transitions/{last}/corrections"), &back).await
    };
    let second = scene.ground.ask(&student, json!({})).await.is(201);
    back().await.is_problem(409, "request-overlap");
    let named = json!({ "requestId": second.json()["id"] });
    let placement = scene.try_propose(&student, named).await.is(201).header("location");
    moves(&scene.practice, &placement, "reserved").await.is(200);
    back().await.is_problem(409, "placement-overlap");
    assert_eq!(status(school, &first).await, "withdrawn");
}

#[actix_web::test]
async fn who_asked_again_is_not_put_on_the_list_twice() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let (student, first, placement) = seated(&scene, "again-3").await;
    stands_at(&scene, &placement, "ended-early");
    let second = scene.ground.ask(&student, json!({})).await.is(201).header("location");
    // The end is taken back, and then the placement comes to nothing after all.
    stands_at(&scene, &placement, "reserved");
    moves_because(&scene.practice, &placement, "declined", Some("no-match")).await.is(200);
    assert_eq!((status(school, &first).await, status(school, &second).await), ("placed".into(), "open".into()));
    let steps = school.get(&format!("{first}/transitions")).await.is(200).items();
    let steps: Vec<Value> = steps.iter().map(|step| step["to"].clone()).collect();
    assert_eq!(steps, ["open", "placed"]);
    assert_eq!(scene.taken(school).await, 0, "the seat is given back all the same");
}
