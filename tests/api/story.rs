//! The work itself, as one tells it: a student of a roster is asked a place for, finds a seat, is
//! introduced, signs, learns, has a bad spell, completes and is hired. Whose step it is takes it; all others try
//! first and are refused.

use chrono::NaiveDate;
use reqwest::Method;
use serde_json::{Value, json};
use stagepunt::education::roster_imports::Worker;

use crate::placements::agreements::link::{mailed, signs};
use crate::placements::{BUREAU, FUNDER, OTHER_BUREAU, OTHER_SCHOOL, PRACTICE, SCHOOL};
use crate::roster_imports::{ended, upload};
use crate::students::School;
use crate::support::{Answer, Setting, TestApp, TestClient};

/// Everybody who calls, on one day.
struct Cast {
    app: TestApp,
    school: TestClient,
    bureau: TestClient,
    practice: TestClient,
    /// Who has no part in it, or only counts.
    outsiders: Vec<TestClient>,
}

impl Cast {
    async fn of(app: TestApp) -> Self {
        let (school, bureau, practice) =
            (app.client(SCHOOL).await, app.client(BUREAU).await, app.client(PRACTICE).await);
        let mut outsiders = Vec::new();
        for outsider in [FUNDER, "demo-platform", OTHER_SCHOOL, OTHER_BUREAU, "demo-praktijk-tweede-beuk"] {
            outsiders.push(app.client(outsider).await);
        }
        Self { app, school, bureau, practice, outsiders }
    }

    /// The same people and the same database on a later day.
    async fn on(&self, day: &str) -> Self {
        Self::of(self.app.beside(Setting { today: Some(date(day)), ..Setting::default() }).await).await
    }

    /// A step that is this client's: outsiders and whoever else has no right to it try first.
    async fn step(&self, by: &TestClient, not: &[&TestClient], path: &str, body: Value) -> Answer {
        for other in self.outsiders.iter().chain(not.iter().copied()) {
            let refused = other.post_keyed(path, &body).await;
            let told = match refused.status.as_u16() {
                403 | 404 => true,
                // What names something one cannot see, names nothing.
                400 => refused.text().contains("unknown-reference"),
                // A step of others from here, and of one's own from elsewhere.
                _ => {
                    let own = refused.json()["allowedTransitions"].clone();
                    refused.status == 409 && own.as_array().is_some_and(|own| !own.contains(&body["to"]))
                }
            };
            assert!(told, "{path} {body}: {}", refused.text());
        }
        by.post_keyed(path, &body).await
    }

    async fn moves(&self, by: &TestClient, not: &[&TestClient], path: &str, to: &str) -> Answer {
        let now = self.step(by, not, &format!("{path}/transitions"), json!({ "to": to })).await.is(200);
        assert_eq!(now.text_at("/status"), to);
        now
    }

    /// Reads what nobody else may read.
    async fn reads(&self, by: &TestClient, not: &[&TestClient], path: &str) -> Answer {
        for other in self.outsiders.iter().chain(not.iter().copied()) {
            let refused = other.get(path).await;
            let nothing = refused.status == 200 && refused.json()["items"] == json!([]);
            assert!(nothing || [403, 404].contains(&refused.status.as_u16()), "{path}: {}", refused.text());
        }
        by.get(path).await.is(200)
    }
}

fn date(day: &str) -> NaiveDate {
    day.parse().unwrap()
}

#[actix_web::test]
async fn a_student_goes_from_the_roster_to_a_job() {
    let spring = TestApp::with(Setting { today: Some(date("2018-06-11")), ..Setting::default() }).await;
    let cast = Cast::of(spring).await;
    let (request, offer) = asked_and_offered(&cast).await;
    let placement = placed(&cast, &request, &offer).await;
    let agreement = signed(&cast, &placement).await;
    guided(&cast.on("2018-09-03").await, &placement).await;
    troubled(&cast.on("2018-11-12").await, &placement).await;
    hired(&cast.on("2019-07-05").await, &placement).await;

    let ended = cast.school.get(&agreement).await.is(200);
    assert_eq!(ended.text_at("/endedOn"), "2019-07-05", "the agreement ends with the placement");
    let steps = cast.bureau.get(&format!("{placement}/transitions")).await.is(200).items();
    let steps: Vec<_> = steps.iter().map(|step| format!("{} {}", step["effectiveOn"], step["to"])).collect();
    let story = [
        r#""2018-06-11" "proposed""#,
        r#""2018-06-11" "reserved""#,
        r#""2018-06-11" "introduced""#,
        r#""2018-06-11" "confirmed""#,
        r#""2018-06-11" "agreement-pending""#,
        r#""2018-06-11" "ready""#,
        r#""2018-09-03" "active""#,
        r#""2019-07-05" "completed""#,
    ];
    assert_eq!(steps, story);
}

/// The school hands its roster over and asks for a place; a practice offers one.
async fn asked_and_offered(cast: &Cast) -> (String, String) {
    let school = School::of(&cast.app, SCHOOL).await;
    let _worker = Worker::start(&cast.app.db).unwrap();
    let roster = "sourcedId,givenName,familyName,programmeCode,learningPath,schoolEmail\n\
                  verhaal-1,Voorbeeld,Verhaal,PROEF,bol,verhaal-1@school.example\n\
                  verhaal-2,Voorbeeld,Wachtend,PROEF,bol,verhaal-2@school.example\n";
    for other in [&cast.practice, &cast.bureau, &cast.outsiders[0]] {
        upload(other, "mode=full", "text/csv", roster.into()).await.is_problem(403, "scope-missing");
    }
    let import = upload(&school.client, "mode=full", "text/csv", roster.into()).await.is(202);
    let import = ended(&school.client, &import.header("location")).await;
    assert_eq!((&import["status"], &import["progress"]["created"]), (&json!("done"), &json!(2)));
    let students = school.client.get(&format!("/v1/students?programmeId={}", school.programme)).await.is(200).items();
    let student = students.iter().find(|student| student["sourcedId"] == "verhaal-1").unwrap()["id"].clone();

    let qualification =
        cast.practice.get("/v1/qualifications?profession=doctors-assistant").await.is(200).text_at("/items/0/id");
    let seat = json!({
        "practiceId": cast.app.organisation_of(PRACTICE).await, "qualificationId": qualification,
        "learningPaths": ["bol"], "startsOn": "2018-09-03", "endsOn": "2019-07-05", "seats": 1,
        "hoursPerWeek": 16, "setting": "day-practice",
    });
    let offer = cast.step(&cast.practice, &[&cast.school], "/v1/placement-offers", seat).await.is(201);
    cast.moves(&cast.practice, &[&cast.school], &offer.header("location"), "published").await;

    let region = cast.bureau.get("/v1/me").await.is(200).text_at("/regions/0/id");
    let wish = json!({ "studentId": student, "regionId": region, "startsOn": "2018-09-03", "endsOn": "2019-07-05" });
    let asked = cast.step(&cast.school, &[&cast.practice], "/v1/placement-requests", wish).await.is(201);
    let request = asked.text_at("/id");
    let list = format!("/v1/regions/{region}/waiting-list?limit=200");
    let waiting = cast.reads(&cast.bureau, &[&cast.practice], &list).await.items();
    assert!(waiting.iter().any(|item| item["requestId"] == json!(request) && item["position"].is_number()));
    (asked.header("location"), offer.text_at("/id"))
}

/// The bureau finds the seat for the request; the name comes with the introduction.
async fn placed(cast: &Cast, request: &str, offer: &str) -> String {
    let asked = cast.school.get(request).await.is(200);
    let proposal = json!({
        "studentId": asked.json()["studentId"], "offerId": offer, "requestId": asked.json()["id"], "learningPath": "bol",
    });
    let made = cast.step(&cast.bureau, &[&cast.practice], "/v1/placements", proposal).await.is(201);
    let placement = made.header("location");
    cast.moves(&cast.bureau, &[&cast.school], &placement, "reserved").await;
    assert_eq!(cast.school.get(request).await.is(200).text_at("/status"), "placed");

    let name = format!("{placement}/student");
    cast.practice.get(&name).await.is_problem(404, "not-found");
    cast.moves(&cast.school, &[&cast.practice, &cast.bureau], &placement, "introduced").await;
    let shown = cast.reads(&cast.practice, &[], &name).await;
    assert_eq!(shown.text_at("/familyName"), "Verhaal");
    cast.moves(&cast.practice, &[&cast.school], &placement, "confirmed").await;
    placement
}

/// Three signatures, and what the region demands.
async fn signed(cast: &Cast, placement: &str) -> String {
    let made = cast.step(&cast.school, &[&cast.practice], &format!("{placement}/agreements"), json!({})).await.is(201);
    let agreement = made.header("location");
    cast.moves(&cast.school, &[&cast.practice], placement, "agreement-pending").await;
    let signatures = format!("{agreement}/signatures");
    let by = |party: &str| json!({ "party": party, "method": "e-signature" });
    cast.step(&cast.school, &[&cast.practice, &cast.bureau], &signatures, by("school")).await.is(200);
    cast.step(&cast.practice, &[&cast.school], &signatures, by("practice")).await.is(200);
    let not_ready = cast.school.post(&format!("{placement}/transitions"), &json!({ "to": "ready" })).await;
    let missing = not_ready.is_problem(409, "not-ready").json()["missing"].clone();
    let wanted = ["signed-agreement", "recognition", "certificate-of-conduct", "confidentiality-statement"];
    assert_eq!(missing, json!(wanted));

    let sheet = &made.json()["sheets"][0];
    let register = json!({
        "qualificationId": sheet["qualification"]["id"], "validFrom": "2016-09-01", "reviewBy": "2020-09-01",
        "source": "Demoregister", "checkedOn": "2018-06-11",
    });
    let recognitions = format!("/v1/organisations/{}/recognitions", cast.app.organisation_of(PRACTICE).await);
    cast.practice.post(&recognitions, &register).await.is_problem(403, "scope-missing");
    cast.bureau.post(&recognitions, &register).await.is(201);

    let asked = cast.school.send(cast.school.request(Method::POST, &format!("{agreement}/student-link"))).await;
    asked.is(200);
    let (token, _) = mailed(&cast.app);
    signs(&cast.app, &token, 1).await.is(200);
    for requirement in ["certificate-of-conduct", "confidentiality-statement"] {
        let item = json!({ "requirement": requirement, "status": "met", "checkedOn": "2018-06-11" });
        cast.step(&cast.school, &[], &format!("{placement}/compliance-items"), item).await.is(201);
    }
    cast.moves(&cast.bureau, &[&cast.practice], placement, "ready").await;
    let early = cast.practice.post(&format!("{placement}/transitions"), &json!({ "to": "active" })).await;
    early.has_fault("/effectiveOn", "before-its-start");
    agreement
}

/// The internship begins, and the three meet three times.
async fn guided(cast: &Cast, placement: &str) {
    cast.moves(&cast.practice, &[&cast.school], placement, "active").await;
    let talks = [("2018-10-11", true), ("2019-01-24", false), ("2019-05-16", false)];
    for (day, on_site) in talks {
        let then = cast.on(day).await;
        let talk = json!({ "kind": "three-way", "heldOn": day, "onSite": on_site });
        then.step(&then.school, &[], &format!("{placement}/contact-moments"), talk).await.is(201);
    }
    let held = cast.bureau.get(&format!("{placement}/contact-moments?kind=three-way")).await.is(200).items();
    assert_eq!(held.len(), 3);
}

/// The host raises a signal, the bureau takes it up, and it is settled.
async fn troubled(cast: &Cast, placement: &str) {
    let trouble = json!({ "kind": "host-capacity", "description": "De vaste begeleider valt weg" });
    let raised = cast.step(&cast.practice, &[], &format!("{placement}/signals"), trouble).await.is(201);
    let signal = raised.header("location");
    for (by, to) in [(&cast.bureau, "acknowledged"), (&cast.school, "in-action"), (&cast.bureau, "resolved")] {
        cast.moves(by, &[&cast.practice], &signal, to).await;
    }
}

/// The internship is completed, evaluated, and ends in a job.
async fn hired(cast: &Cast, placement: &str) {
    let judged = json!({
        "moment": "final", "judgedBy": "mentor", "heldOn": "2019-07-05",
        "scores": [{ "group": "attitude-and-behaviour", "criterion": "Komt afspraken na", "score": 5 }],
    });
    cast.step(&cast.practice, &[], &format!("{placement}/evaluations"), judged).await.is(201);
    let outcome = json!({ "moment": "at-end", "kind": "hired-by-host", "knownOn": "2019-07-05" });
    let outcomes = format!("{placement}/outcomes");
    cast.practice.post(&outcomes, &outcome).await.is_problem(409, "placement-not-ended");
    cast.moves(&cast.practice, &[], placement, "completed").await;
    cast.step(&cast.practice, &[], &outcomes, outcome).await.is(201);
    let known = cast.reads(&cast.bureau, &[], &outcomes).await.items();
    assert_eq!(known[0]["kind"], "hired-by-host");

    let month_later = cast.on("2019-08-05").await;
    month_later.practice.get(&format!("{placement}/student")).await.is_problem(404, "not-found");
    month_later.school.get(placement).await.is(200);
}
