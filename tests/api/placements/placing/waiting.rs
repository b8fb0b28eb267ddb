//! Whoever gets a seat no longer waits for one, also when nobody names the request.

use diesel::{RunQueryDsl as _, sql_query};
use serde_json::{Value, json};

use super::super::{BUREAU, PRACTICE, SCHOOL};
use super::{Scene, moves, moves_because, status};
use crate::students::owner_reads;
use crate::support::{Answer, TestClient, as_client};

/// Another practice of the region.
const NEIGHBOUR: &str = "demo-praktijk-tweede-beuk";

/// The id of a published offer from September 2031 until January 2032.
async fn offer(scene: &Scene) -> String {
    offer_of(scene, PRACTICE).await
}

/// The same of another practice.
async fn offer_of(scene: &Scene, key: &str) -> String {
    let (host, practice) = (scene.app.client(key).await, scene.app.organisation_of(key).await);
    let like = scene.practice.get(&format!("/v1/placement-offers/{}", scene.offer)).await.is(200);
    let offer = json!({
        "practiceId": practice, "qualificationId": like.text_at("/qualification/id"),
        "learningPaths": ["bol"], "startsOn": "2031-09-01", "endsOn": "2032-01-31", "seats": 2,
        "setting": "day-practice",
    });
    let made = host.post("/v1/placement-offers", &offer).await.is(201);
    moves(&host, &made.header("location"), "published").await.is(200);
    made.text_at("/id")
}

/// The school proposes without naming a request.
async fn propose(scene: &Scene, offer: &str, student: &str, more: Value) -> Answer {
    let mut body = more;
    body["offerId"] = json!(offer);
    scene.try_propose(student, body).await.is(201)
}

#[actix_web::test]
async fn a_seat_takes_the_student_off_the_waiting_list() {
    let scene = Scene::start().await;
    let (school, bureau, offer) = (&scene.ground.school.client, &scene.ground.bureau, offer(&scene).await);
    let student = scene.student("waits-1").await;
    let asked = scene.ground.ask(&student, json!({})).await.is(201);
    let (request, path) =
        (asked.header("location"), format!("/v1/regions/{}/waiting-list?limit=200", scene.ground.region));
    let waits = async || {
        let list = bureau.get(&path).await.is(200).items();
        list.iter().any(|waiting| waiting["requestId"] == asked.json()["id"])
    };
    let proposed = propose(&scene, &offer, &student, json!({})).await;
    assert_eq!(proposed.json()["requestId"], asked.json()["id"]);
    assert_eq!(status(school, &request).await, "open", "nothing is held yet");
    moves(&scene.practice, &proposed.header("location"), "reserved").await.is(200);
    assert_eq!(status(school, &request).await, "placed");
    assert!(!waits().await);
    moves_because(&scene.practice, &proposed.header("location"), "declined", Some("no-match")).await.is(200);
    assert_eq!(status(school, &request).await, "open");
    assert!(waits().await, "and waits again without the seat");
}

#[actix_web::test]
async fn the_request_that_goes_along_is_open_and_for_these_days() {
    let scene = Scene::start().await;
    let (school, offer) = (&scene.ground.school.client, offer(&scene).await);
    let student = scene.student("waits-2").await;
    let ask = async |starts_on: &str, ends_on: &str| {
        scene.ground.ask(&student, json!({ "startsOn": starts_on, "endsOn": ends_on })).await.is(201)
    };
    let autumn = ask("2031-09-01", "2031-10-31").await;
    let winter = ask("2031-11-01", "2032-01-31").await;
    let spring = ask("2032-02-01", "2032-06-30").await;
    let goes_along = async |more: Value| propose(&scene, &offer, &student, more).await.json()["requestId"].clone();
    let only = |starts_on: &str, ends_on: &str| json!({ "startsOn": starts_on, "endsOn": ends_on });
    assert_eq!(goes_along(json!({})).await, autumn.json()["id"], "of two the one that begins first");
    assert_eq!(goes_along(only("2031-12-01", "2032-01-31")).await, winter.json()["id"]);
    let named = json!({ "requestId": spring.json()["id"] });
    assert_eq!(goes_along(named).await, spring.json()["id"], "who is named goes before");

    let other = format!(
        "UPDATE placement_requests SET qualification_id = (SELECT q.id FROM qualifications q \
            WHERE q.id <> placement_requests.qualification_id LIMIT 1) \
         WHERE id = '{}' RETURNING id::text AS value",
        autumn.text_at("/id")
    );
    assert_eq!(owner_reads(&scene.app, &other).len(), 1);
    assert_eq!(goes_along(json!({})).await, winter.json()["id"], "that for the qualification");
    let withdrawn = json!({ "to": "withdrawn", "reasonCode": "own-place" });
    for request in [&autumn, &winter] {
        school.post(&format!("{}/transitions", request.header("location")), &withdrawn).await.is(200);
    }
    assert_eq!(goes_along(json!({})).await, Value::Null, "nobody waits for these days");
}

#[actix_web::test]
async fn a_request_waits_again_only_when_none_of_its_placements_is_left() {
    let scene = Scene::start().await;
    let (school, first, second) = (&scene.ground.school.client, offer(&scene).await, offer(&scene).await);
    let student = scene.student("waits-5").await;
    let request = scene.ground.ask(&student, json!({})).await.is(201);
    let held = async |offer: &str, starts_on: &str, ends_on: &str| {
        let days = json!({ "requestId": request.json()["id"], "startsOn": starts_on, "endsOn": ends_on });
        let path = propose(&scene, offer, &student, days).await.header("location");
        moves(&scene.practice, &path, "reserved").await.is(200);
        path
    };
    let autumn = held(&first, "2031-09-01", "2031-10-31").await;
    let winter = held(&second, "2031-11-01", "2032-01-31").await;
    moves_because(&scene.practice, &autumn, "cancelled", Some("other")).await.is(200);
    assert_eq!(status(school, &request.header("location")).await, "placed", "the winter is held still");
    moves_because(&scene.practice, &winter, "cancelled", Some("other")).await.is(200);
    assert_eq!(status(school, &request.header("location")).await, "open");
}

#[actix_web::test]
async fn a_seat_at_a_host_that_the_one_who_moves_does_not_see_counts_as_well() {
    let scene = Scene::start().await;
    let (school, neighbour) = (&scene.ground.school.client, scene.app.client(NEIGHBOUR).await);
    let (first, second) = (offer(&scene).await, offer_of(&scene, NEIGHBOUR).await);
    let student = scene.student("waits-7").await;
    let request = scene.ground.ask(&student, json!({})).await.is(201);
    let path = request.header("location");
    let held = async |host: &TestClient, offer: &str, starts_on: &str, ends_on: &str| {
        let days = json!({ "requestId": request.json()["id"], "startsOn": starts_on, "endsOn": ends_on });
        let placement = propose(&scene, offer, &student, days).await.header("location");
        moves(host, &placement, "reserved").await.is(200);
        placement
    };
    let autumn = held(&scene.practice, &first, "2031-09-01", "2031-10-31").await;
    let winter = held(&neighbour, &second, "2031-11-01", "2032-01-31").await;
    scene.practice.get(&winter).await.is_problem(404, "not-found");
    moves_because(&scene.practice, &autumn, "declined", Some("no-match")).await.is(200);
    assert_eq!(status(school, &path).await, "placed", "the neighbour holds the winter still");
    moves_because(&neighbour, &winter, "declined", Some("no-match")).await.is(200);
    assert_eq!(status(school, &path).await, "open");
}

#[actix_web::test]
async fn nobody_tells_how_many_placements_a_request_has() {
    let scene = Scene::start().await;
    let request = scene.ground.ask(&scene.student("waits-8").await, json!({})).await.is(201).text_at("/id");
    for side in [SCHOOL, BUREAU] {
        let set = |change: &str| {
            let sql = format!("UPDATE placement_requests SET {change} WHERE id = '{request}'");
            sql_query(sql).execute(&mut as_client(&scene.app.database, side))
        };
        assert_eq!(set("version = version").unwrap(), 1, "{side} may change the request");
        for count in ["placements_held + 1", "placements_held"] {
            let refused = set(&format!("placements_held = {count}")).unwrap_err().to_string();
            assert!(refused.contains("counted by placements only"), "{side}: {refused}");
        }
    }
}

#[actix_web::test]
async fn a_bureau_places_only_whom_and_when_it_is_asked_to() {
    let scene = Scene::start().await;
    let (school, bureau, offer) = (&scene.ground.school.client, &scene.ground.bureau, offer(&scene).await);
    let student = scene.student("waits-6").await;
    let spring = json!({ "startsOn": "2032-02-01", "endsOn": "2032-06-30" });
    let spring = scene.ground.ask(&student, spring).await.is(201);
    let autumn = scene.ground.ask(&student, json!({ "startsOn": "2031-09-01", "endsOn": "2031-12-31" })).await.is(201);
    let proposes = async |request: &Answer| {
        let body = json!({
            "studentId": student, "offerId": offer, "learningPath": "bol", "requestId": request.json()["id"],
        });
        bureau.post("/v1/placements", &body).await
    };
    proposes(&spring).await.is_problem(409, "request-not-open");
    let proposed = proposes(&autumn).await.is(201).header("location");
    bureau.get(&format!("{proposed}/student")).await.is(200);
    let withdrawn = json!({ "to": "withdrawn", "reasonCode": "own-place" });
    school.post(&format!("{}/transitions", autumn.header("location")), &withdrawn).await.is(200);
    proposes(&autumn).await.is_problem(409, "request-not-open");
    // The proposal still stands, and shows nobody any more; the request for the spring still does.
    school.post(&format!("{}/transitions", spring.header("location")), &withdrawn).await.is(200);
    assert_eq!(status(bureau, &proposed).await, "proposed");
    bureau.get(&format!("{proposed}/student")).await.is_problem(404, "not-found");
    let names = json!({ "studentIds": [student] });
    assert_eq!(bureau.post("/v1/students/_identities", &names).await.is(200).items(), Vec::<Value>::new());
}
