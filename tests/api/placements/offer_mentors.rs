//! The mentor that an offer names: one who may guide, for the host and the bureau to see, and whose
//! placements begin with.

use diesel::connection::SimpleConnection as _;
use futures_util::future::join;
use reqwest::Method;
use serde_json::{Value, json};

use super::placing::{Scene, moves, moves_because};
use super::{BUREAU, OTHER_BUREAU, PRACTICE};
use crate::support::{Answer, TestClient};

/// Gave the bureau a mandate for mentors too.
const MANDATING: &str = "demo-praktijk-tweede-beuk";

/// Enters a mentor who guides interns for this profession; its id.
pub async fn mentor(scene: &Scene, key: &str, profession: &str) -> String {
    let body = json!({
        "practiceId": scene.app.organisation_of(key).await, "givenName": "Mentor", "familyName": "Voorbeeld-Elf",
        "profession": profession,
    });
    scene.app.client(key).await.post("/v1/mentors", &body).await.is(201).text_at("/id")
}

/// An offer like that of the scene, with these properties.
async fn enter(scene: &Scene, client: &TestClient, more: Value) -> Answer {
    let like = scene.practice.get(&format!("/v1/placement-offers/{}", scene.offer)).await.is(200);
    let mut offer = json!({
        "practiceId": like.text_at("/practice/id"), "qualificationId": like.text_at("/qualification/id"),
        "learningPaths": ["bol"], "startsOn": "2018-09-03", "endsOn": "2019-07-05", "seats": 1,
        "setting": "day-practice",
    });
    offer.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    client.post("/v1/placement-offers", &offer).await
}

#[actix_web::test]
async fn host_and_bureau_see_the_mentor_of_an_offer_and_schools_do_not() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let (first, second) =
        (mentor(&scene, PRACTICE, "doctors-assistant").await, mentor(&scene, PRACTICE, "doctors-assistant").await);
    let made = enter(&scene, &scene.practice, json!({ "mentorId": first })).await.is(201);
    let (path, id) = (made.header("location"), made.json()["id"].clone());
    assert_eq!(made.text_at("/mentorId"), first);
    moves(&scene.practice, &path, "published").await.is(200);

    assert_eq!(bureau.get(&path).await.is(200).text_at("/mentorId"), first);
    assert_eq!(school.get(&path).await.is(200).json()["mentorId"], Value::Null);
    crate::support::Cluster::shared().settle();
    for list in ["limit=200", "limit=200&updatedSince=2018-01-01T00:00:00Z"] {
        let list = format!("/v1/placement-offers?{list}");
        let shown = async |client: &TestClient| {
            let items = client.get(&list).await.is(200).items();
            items.into_iter().find(|offer| offer["id"] == id).unwrap()["mentorId"].clone()
        };
        assert_eq!((shown(&scene.practice).await, shown(bureau).await), (json!(first), json!(first)), "{list}");
        assert_eq!(shown(school).await, Value::Null, "{list}");
    }
    for (client, in_file) in [(&scene.practice, true), (school, false)] {
        let file = client.request(Method::GET, "/v1/placement-offers").header("Accept", "text/csv");
        let text = client.send(file).await.is(200).text();
        assert!(text.contains("\"mentorId\""));
        assert_eq!(text.contains(&first), in_file);
    }

    let change = async |body: Value| scene.practice.change(&path, &body).await.is(200).json()["mentorId"].clone();
    assert_eq!(change(json!({ "seats": 2 })).await, json!(first), "what is absent stays");
    assert_eq!(change(json!({ "mentorId": second })).await, json!(second));
    assert_eq!(change(json!({ "mentorId": null })).await, Value::Null);
    let by_bureau = bureau.change(&path, &json!({ "mentorId": first })).await.is(200);
    assert_eq!(by_bureau.text_at("/mentorId"), first, "under a mandate for offers");
}

#[actix_web::test]
async fn an_offer_names_whoever_guides_for_its_profession_at_the_host() {
    let scene = Scene::start().await;
    let own = mentor(&scene, PRACTICE, "doctors-assistant").await;
    let nurse = mentor(&scene, PRACTICE, "practice-nurse-somatic").await;
    let elsewhere = mentor(&scene, MANDATING, "doctors-assistant").await;
    let left = mentor(&scene, PRACTICE, "doctors-assistant").await;
    scene.practice.change(&format!("/v1/mentors/{left}"), &json!({ "active": false })).await.is(200);
    let draft = enter(&scene, &scene.practice, json!({ "mentorId": own })).await.is(201).header("location");
    let nobody = uuid::Uuid::now_v7().to_string();
    for (who, code) in [
        (&nurse, "mentor-does-not-guide"),
        (&left, "mentor-does-not-guide"),
        (&elsewhere, "unknown-reference"),
        (&nobody, "unknown-reference"),
    ] {
        let named = json!({ "mentorId": who });
        for client in [&scene.practice, &scene.ground.bureau] {
            enter(&scene, client, named.clone()).await.has_fault("/mentorId", code);
            client.change(&draft, &named).await.has_fault("/mentorId", code);
        }
    }
    let other = scene.practice.get("/v1/qualifications?profession=practice-nurse-somatic").await.is(200);
    let other = json!({ "qualificationId": other.text_at("/items/0/id"), "learningPaths": ["full-time"] });
    scene.practice.change(&draft, &other).await.has_fault("/mentorId", "mentor-does-not-guide");
    let mut both = other;
    both["mentorId"] = json!(nurse);
    assert_eq!(scene.practice.change(&draft, &both).await.is(200).text_at("/mentorId"), nurse);
}

#[actix_web::test]
async fn a_placement_begins_with_the_mentor_of_its_offer() {
    let scene = Scene::start().await;
    let (school, named) = (&scene.ground.school.client, mentor(&scene, PRACTICE, "doctors-assistant").await);
    let offer = format!("/v1/placement-offers/{}", scene.offer);
    scene.practice.change(&offer, &json!({ "mentorId": named })).await.is(200);
    let person = format!("/v1/mentors/{named}");
    let student = scene.student("guided-1").await;
    let early = scene.propose(&student).await;
    assert_eq!(scene.practice.get(&early).await.is(200).text_at("/mentorId"), named);
    // A school proposes whomever it likes: that alone shows nobody.
    school.get(&person).await.is_problem(404, "not-found");
    moves_because(school, &early, "cancelled", Some("own-place")).await.is(200);
    school.get(&person).await.is_problem(404, "not-found");

    let path = scene.propose(&student).await;
    moves(&scene.practice, &path, "reserved").await.is(200);
    assert_eq!(school.get(&path).await.is(200).text_at("/mentorId"), named);
    school.get(&person).await.is(200);
    scene.practice.change(&offer, &json!({ "mentorId": null })).await.is(200);
    assert_eq!(school.get(&path).await.is(200).text_at("/mentorId"), named, "the placement keeps its own");
}

#[actix_web::test]
async fn open_offers_forget_whoever_guides_no_more() {
    let scene = Scene::start().await;
    let (bureau, beuk) = (scene.app.client(BUREAU).await, scene.app.client(MANDATING).await);
    let own = json!({ "practiceId": scene.app.organisation_of(MANDATING).await });
    for (change, named) in [
        (json!({ "givenName": "Anders" }), true),
        (json!({ "guides": ["doctors-assistant", "triage-assistant"] }), true),
        (json!({ "guides": ["triage-assistant"] }), false),
        (json!({ "active": false }), false),
    ] {
        let mentor = mentor(&scene, MANDATING, "doctors-assistant").await;
        let mut body = own.clone();
        body["mentorId"] = json!(mentor);
        let open = enter(&scene, &beuk, body.clone()).await.is(201).header("location");
        let over = enter(&scene, &beuk, body).await.is(201).header("location");
        for step in ["published", "withdrawn"] {
            moves(&beuk, &over, step).await.is(200);
        }
        // The bureau may for mentors; that the offer follows needs no mandate for offers.
        bureau.change(&format!("/v1/mentors/{mentor}"), &change).await.is(200);
        let stands = beuk.get(&open).await.is(200).json();
        let expected = if named { (json!(mentor), json!(1)) } else { (Value::Null, json!(2)) };
        assert_eq!((stands["mentorId"].clone(), stands["version"].clone()), expected, "{change}");
        assert_eq!(beuk.get(&over).await.is(200).text_at("/mentorId"), mentor, "what is over stays as it was");
    }
}

#[actix_web::test]
async fn offers_in_another_region_forget_them_too() {
    let scene = Scene::start().await;
    let (bureau, beuk, other) =
        (&scene.ground.bureau, scene.app.client(MANDATING).await, scene.app.client(OTHER_BUREAU).await);
    let (practice, region) =
        (scene.app.organisation_of(MANDATING).await, other.get("/v1/me").await.is(200).text_at("/regions/0/id"));
    let member = json!({ "organisationId": practice, "hostKind": "practice", "effectiveFrom": "2018-01-01" });
    other.post(&format!("/v1/regions/{region}/memberships"), &member).await.is(201);
    let mentor = mentor(&scene, MANDATING, "doctors-assistant").await;
    let there = json!({ "practiceId": practice, "regionId": region, "mentorId": mentor });
    let offer = enter(&scene, &beuk, there).await.is(201).header("location");
    bureau.get(&offer).await.is_problem(404, "not-found");
    bureau.change(&format!("/v1/mentors/{mentor}"), &json!({ "active": false })).await.is(200);
    assert_eq!(beuk.get(&offer).await.is(200).json()["mentorId"], Value::Null);
}

#[actix_web::test]
async fn whoever_names_a_mentor_waits_for_whoever_says_that_the_mentor_left() {
    let scene = Scene::start().await;
    let named = json!({ "mentorId": mentor(&scene, PRACTICE, "doctors-assistant").await });
    let mut owner = scene.app.database.owner();
    let leaves =
        format!("BEGIN; UPDATE mentors SET active = false WHERE id = '{}'", named["mentorId"].as_str().unwrap());
    owner.batch_execute(&leaves).unwrap();
    let offer = format!("/v1/placement-offers/{}", scene.offer);
    let then = async {
        scene.app.database.until_waiting(1).await;
        owner.batch_execute("COMMIT").unwrap();
    };
    let (late, ()) = join(scene.practice.change(&offer, &named), then).await;
    late.has_fault("/mentorId", "mentor-does-not-guide");
}

#[actix_web::test]
async fn whoever_names_a_mentor_and_the_mentor_who_leaves_do_not_wait_for_each_other() {
    let scene = Scene::start().await;
    let mentor = mentor(&scene, PRACTICE, "doctors-assistant").await;
    let (offer, person, named) = (
        format!("/v1/placement-offers/{}", scene.offer),
        format!("/v1/mentors/{mentor}"),
        json!({ "mentorId": mentor }),
    );
    for _ in 0..12 {
        scene.practice.change(&person, &json!({ "active": true })).await.is(200);
        scene.practice.change(&offer, &named).await.is(200);
        let again = scene.ground.bureau.change(&offer, &named);
        let (again, left) = join(again, scene.practice.change(&person, &json!({ "active": false }))).await;
        left.is(200);
        assert!([200, 400, 412].contains(&again.status.as_u16()), "{}", again.text());
        assert_eq!(scene.practice.get(&offer).await.is(200).json()["mentorId"], Value::Null);
    }
}

#[actix_web::test]
async fn a_placement_does_not_begin_with_a_mentor_who_is_leaving() {
    let scene = Scene::start().await;
    let mentor = mentor(&scene, PRACTICE, "doctors-assistant").await;
    let offer = format!("/v1/placement-offers/{}", scene.offer);
    scene.practice.change(&offer, &json!({ "mentorId": mentor })).await.is(200);
    let student = scene.student("leaving-1").await;
    let mut owner = scene.app.database.owner();
    owner.batch_execute(&format!("BEGIN; UPDATE mentors SET active = false WHERE id = '{mentor}'")).unwrap();
    let then = async {
        scene.app.database.until_waiting(1).await;
        owner.batch_execute("COMMIT").unwrap();
    };
    let (proposed, ()) = join(scene.try_propose(&student, json!({})), then).await;
    let path = proposed.is(201).header("location");
    assert_eq!(scene.practice.get(&path).await.is(200).json()["mentorId"], Value::Null);
}
