//! Placements: who proposes, reserves, introduces and confirms, and what each of them then knows.

mod again;
mod days;
mod guidance;
mod members;
mod races;
mod sight;
mod terms;
mod waiting;

use serde_json::{Value, json};

use super::{Ground, PRACTICE};
use crate::support::{Answer, TestApp, TestClient};

/// A school, a bureau and a practice of one region, with an offer of seats.
pub struct Scene {
    pub app: TestApp,
    pub ground: Ground,
    pub practice: TestClient,
    pub offer: String,
}

impl Scene {
    pub async fn start() -> Self {
        Self::with_seats(1).await
    }

    /// The practice offers so many seats for the qualification of the school's programme, for so long that what
    /// ends with the period does not.
    pub async fn with_seats(seats: u16) -> Self {
        let app = TestApp::start().await;
        let ground = Ground::of(&app).await;
        let practice = app.client(PRACTICE).await;
        let qualification =
            practice.get("/v1/qualifications?profession=doctors-assistant").await.is(200).text_at("/items/0/id");
        let offer = json!({
            "practiceId": app.organisation_of(PRACTICE).await, "qualificationId": qualification,
            "learningPaths": ["bol", "bbl"], "startsOn": "2018-09-03", "endsOn": "2031-07-04", "seats": seats,
            "hoursPerWeek": 16, "setting": "day-practice", "effectiveOn": "2018-03-01",
        });
        let made = practice.post("/v1/placement-offers", &offer).await.is(201);
        let published = json!({ "to": "published", "effectiveOn": "2018-03-01" });
        practice.post(&format!("{}/transitions", made.header("location")), &published).await.is(200);
        Self { app, ground, practice, offer: made.text_at("/id") }
    }

    /// A student of the school, who learns in the school-based path.
    pub async fn student(&self, key: &str) -> String {
        self.ground.student(key, json!({ "learningPath": "bol" })).await
    }

    /// The school proposes a student for a seat; the path of the placement.
    pub async fn propose(&self, student: &str) -> String {
        self.try_propose(student, json!({})).await.is(201).header("location")
    }

    pub async fn try_propose(&self, student: &str, more: Value) -> Answer {
        let mut body = json!({ "studentId": student, "offerId": self.offer, "learningPath": "bol" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.ground.school.client.post("/v1/placements", &body).await
    }

    /// A student who is proposed and has come as far as `to`, by those whose steps they are.
    pub async fn placed(&self, key: &str, to: &str) -> String {
        let path = self.propose(&self.student(key).await).await;
        for (by, step) in
            [(&self.practice, "reserved"), (&self.ground.school.client, "introduced"), (&self.practice, "confirmed")]
        {
            if status(&self.practice, &path).await == to {
                break;
            }
            moves(by, &path, step).await.is(200);
        }
        path
    }

    /// Seats of the offer that are taken, as this client sees it.
    pub async fn taken(&self, client: &TestClient) -> i64 {
        client.get(&format!("/v1/placement-offers/{}", self.offer)).await.is(200).json()["seatsTaken"].as_i64().unwrap()
    }
}

pub async fn status(client: &TestClient, path: &str) -> String {
    client.get(path).await.is(200).text_at("/status")
}

/// Takes a step today.
pub async fn moves(client: &TestClient, path: &str, to: &str) -> Answer {
    moves_because(client, path, to, None).await
}

/// Takes a step today for a reason.
pub async fn moves_because(client: &TestClient, path: &str, to: &str, reason: Option<&str>) -> Answer {
    client.post(&format!("{path}/transitions"), &json!({ "to": to, "reasonCode": reason })).await
}

#[actix_web::test]
async fn a_school_proposes_the_host_reserves_and_the_name_is_disclosed() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let student = scene.student("placing-1").await;
    let made = scene.try_propose(&student, json!({ "totalHours": 480 })).await.is(201);
    let path = made.header("location");
    assert_eq!(made.text_at("/status"), "proposed");
    assert_eq!(made.json()["hoursPerWeek"], 16, "as offered");
    assert_eq!((made.text_at("/startsOn").as_str(), made.text_at("/endsOn").as_str()), ("2018-09-03", "2031-07-04"));
    assert_eq!(made.json()["allowedTransitions"], json!(["cancelled"]), "a school reserves nothing");
    assert_eq!(scene.taken(school).await, 0);

    let reserved = moves(&scene.practice, &path, "reserved").await.is(200);
    assert_eq!(scene.taken(school).await, 1);
    assert!(reserved.json()["expiresOn"].is_string());
    assert_eq!(reserved.json()["disclosed"], Value::Null);
    scene.practice.get(&format!("{path}/student")).await.is_problem(404, "not-found");

    let introduced = moves(school, &path, "introduced").await.is(200);
    assert!(introduced.json()["disclosed"]["from"].is_string());
    let name = scene.practice.get(&format!("{path}/student")).await.is(200);
    assert_eq!((name.text_at("/id"), name.text_at("/familyName")), (student, "Honderd".to_owned()));

    let confirmed = moves(&scene.practice, &path, "confirmed").await.is(200);
    assert_eq!(confirmed.json()["expiresOn"], Value::Null, "it is no reservation any more");
    let history = school.get(&format!("{path}/transitions")).await.is(200);
    let steps: Vec<_> = history.json()["items"].as_array().unwrap().iter().map(|step| step["to"].clone()).collect();
    assert_eq!(steps, ["proposed", "reserved", "introduced", "confirmed"]);
}

#[actix_web::test]
async fn each_step_is_of_those_whose_it_is() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let path = scene.propose(&scene.student("placing-2").await).await;
    moves(school, &path, "reserved").await.is_problem(403, "scope-missing");
    moves(bureau, &path, "confirmed").await.is_problem(409, "invalid-transition");
    moves(bureau, &path, "reserved").await.is(200);
    moves(&scene.practice, &path, "introduced").await.is_problem(403, "scope-missing");
    moves(school, &path, "confirmed").await.is_problem(403, "scope-missing");
    moves(&scene.practice, &path, "declined").await.has_fault("/reasonCode", "reason-required");
    moves_because(&scene.practice, &path, "declined", Some("no-capacity")).await.is(200);
    assert_eq!(scene.taken(school).await, 0, "the seat is given back");
    let ended = school.get(&path).await.is(200);
    assert_eq!(ended.text_at("/ended/reasonCode"), "no-capacity");
    assert_eq!(
        (&ended.json()["ended"]["countsAsDropout"], &ended.json()["allowedTransitions"]),
        (&json!(false), &json!([]))
    );
}

#[actix_web::test]
async fn a_bureau_confirms_under_a_mandate_only_and_on_record() {
    let scene = Scene::start().await;
    let bureau = &scene.ground.bureau;
    let path = scene.placed("placing-3", "introduced").await;
    let mandate = bureau.get("/v1/mandates?status=granted&limit=200").await.is(200);
    let practice = scene.app.organisation_of(PRACTICE).await;
    let mandated = mandate.json()["items"].as_array().unwrap().iter().any(|mandate| {
        mandate["practice"]["id"] == practice.as_str()
            && mandate["scopes"].as_array().unwrap().contains(&json!("placements"))
    });
    assert!(mandated, "the demo's bureau has a mandate for placements of this practice");
    let confirmed = moves(bureau, &path, "confirmed").await.is(200);
    assert_eq!(confirmed.text_at("/status"), "confirmed");
    let history = bureau.get(&format!("{path}/transitions")).await.is(200);
    let last = history.json()["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["onBehalfOf"], practice.as_str());
    assert!(last["mandateId"].is_string());
}

#[actix_web::test]
async fn a_request_is_placed_with_the_seat_and_open_again_without_it() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let student = scene.student("placing-4").await;
    let spring = json!({ "startsOn": "2031-03-01", "endsOn": "2031-06-30" });
    let asked = scene.ground.ask(&student, spring).await.is(201);
    let request = asked.header("location");
    let body = json!({ "studentId": student, "offerId": scene.offer, "learningPath": "bol" });
    bureau.post("/v1/placements", &body).await.has_fault("/requestId", "request-needed");
    let mut named = body.clone();
    named["requestId"] = asked.json()["id"].clone();
    let path = bureau.post("/v1/placements", &named).await.is(201).header("location");
    assert_eq!(status(school, &request).await, "open", "nothing is held yet");
    moves(bureau, &path, "reserved").await.is(200);
    assert_eq!(status(school, &request).await, "placed");
    assert_eq!(scene.practice.get(&path).await.is(200).json()["requestId"], Value::Null);
    scene.practice.get(&request).await.is_problem(403, "scope-missing");
    moves_because(&scene.practice, &path, "declined", Some("no-match")).await.is(200);
    let again = school.get(&request).await.is(200);
    assert_eq!(again.text_at("/status"), "open");
    assert_eq!(again.json()["since"], asked.json()["since"], "at its old place");

    school
        .post(&format!("{request}/transitions"), &json!({ "to": "withdrawn", "reasonCode": "own-place" }))
        .await
        .is(200);
    let stranger = scene.student("placing-5").await;
    let mut other = named.clone();
    other["studentId"] = json!(stranger);
    school.post("/v1/placements", &other).await.has_fault("/requestId", "unknown-reference");
    let late = school.post("/v1/placements", &named).await.is(201).header("location");
    moves(&scene.practice, &late, "reserved").await.is_problem(409, "request-not-open");
    assert_eq!(scene.taken(school).await, 0, "nothing is half done");
}

#[actix_web::test]
async fn an_internship_begins_is_interrupted_and_ends() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let path = scene.placed("placing-6", "confirmed").await;
    moves(&scene.practice, &path, "active").await.is_problem(409, "invalid-transition");
    moves_because(school, &path, "ended-early", Some("no-match")).await.is_problem(409, "invalid-transition");
    moves_because(school, &path, "cancelled", Some("left-programme")).await.is(200);
    scene.practice.get(&format!("{path}/student")).await.is_problem(404, "not-found");
    moves(&scene.practice, &path, "reserved").await.is_problem(409, "invalid-transition");
    let steps = school.get(&format!("{path}/transitions")).await.is(200);
    let last = steps.json()["items"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    let correction = format!("{path}/transitions/{last}/corrections");
    let back = json!({ "withdrawn": true, "note": "Verkeerde student" });
    scene.practice.post(&correction, &back).await.is_problem(403, "not-permitted-on-resource");
    let stands = school.post(&correction, &back).await.is(200);
    assert_eq!((stands.text_at("/status").as_str(), &stands.json()["ended"]), ("confirmed", &Value::Null));
    assert_eq!(scene.taken(school).await, 1, "the seat is taken again");
    scene.practice.get(&format!("{path}/student")).await.is(200);
}
