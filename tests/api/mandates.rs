//! Mandates: a practice lets its bureau act for it, and takes that back.

use std::sync::Arc;

use serde_json::{Value, json};
use stagepunt::auth::{Actor, ActorKind};
use stagepunt::db::Caller;
use stagepunt::error::Error;
use stagepunt::kernel::ids::{ClientId, OrganisationId};
use stagepunt::kernel::role::Role;
use stagepunt::regions::mandates::{MandateScope, acting_for};

use crate::regions::region_of;
use crate::support::{Setting, TestApp, TestClient};

const BUREAU: &str = "demo-regio-midden-brabant";
const PRACTICE: &str = "demo-praktijk-eerste-eik";
const NEIGHBOUR: &str = "demo-praktijk-tweede-beuk";

struct Parties {
    app: TestApp,
    bureau: TestClient,
    practice: TestClient,
    practice_id: String,
    region_id: String,
}

impl Parties {
    async fn meet() -> Self {
        let app = TestApp::start().await;
        let (bureau, practice) = (app.client(BUREAU).await, app.client(PRACTICE).await);
        let practice_id = app.organisation_of(PRACTICE).await;
        let region_id = region_of(&bureau).await.rsplit('/').next().unwrap().to_owned();
        Self { app, bureau, practice, practice_id, region_id }
    }

    fn wanted(&self) -> Value {
        json!({ "practiceId": self.practice_id, "regionId": self.region_id, "scopes": ["mentors", "employment"] })
    }

    fn on_paper(&self) -> Value {
        let mut body = self.wanted();
        body["evidence"] = json!({ "kind": "signed-form", "reference": "Map 3", "sha256": "AB".repeat(32) });
        body
    }

    async fn requested(&self) -> String {
        self.bureau.post("/v1/mandates", &self.wanted()).await.is(201).header("location")
    }
}

async fn moved(client: &TestClient, mandate: &str, to: &str) -> crate::support::Answer {
    client.post(&format!("{mandate}/transitions"), &json!({ "to": to })).await
}

async fn actions_seen(client: &TestClient, mandate: &str) -> Vec<(String, Value)> {
    let id = mandate.rsplit('/').next().unwrap();
    let trail = client.get(&format!("/v1/audit-events?resourceId={id}")).await.is(200);
    let mut seen: Vec<(String, Value)> = trail
        .items()
        .iter()
        .map(|event| (event["action"].as_str().unwrap().to_owned(), event["onBehalfOf"].clone()))
        .collect();
    seen.reverse();
    seen
}

#[actix_web::test]
async fn a_mandate_is_requested_granted_and_revoked_and_both_sides_see_each_step() {
    let world = Parties::meet().await;
    let mandate = world.requested().await;
    let asked = world.practice.get(&mandate).await.is(200);
    assert_eq!(asked.text_at("/status"), "requested");
    assert_eq!(asked.json()["allowedTransitions"], json!(["granted", "declined"]));
    let granted = moved(&world.practice, &mandate, "granted").await.is(200).json();
    assert_eq!((&granted["inForce"], &granted["origin"]), (&json!(true), &json!("requested")));
    let revoked = moved(&world.practice, &mandate, "revoked").await.is(200).json();
    assert_eq!((&revoked["inForce"], &revoked["allowedTransitions"]), (&json!(false), &json!([])));
    for side in [&world.bureau, &world.practice] {
        let actions: Vec<String> = actions_seen(side, &mandate).await.into_iter().map(|(action, _)| action).collect();
        assert_eq!(actions, ["created", "moved", "moved"]);
        let steps = side.get(&format!("{mandate}/transitions")).await.is(200).items();
        let states: Vec<&str> = steps.iter().map(|step| step["to"].as_str().unwrap()).collect();
        assert_eq!(states, ["requested", "granted", "revoked"]);
    }
    let neighbour = world.app.client(NEIGHBOUR).await;
    neighbour.get(&mandate).await.is_problem(404, "not-found");
    assert!(actions_seen(&neighbour, &mandate).await.is_empty());
}

#[actix_web::test]
async fn a_bureau_grants_nothing_to_itself() {
    let world = Parties::meet().await;
    let mandate = world.requested().await;
    moved(&world.bureau, &mandate, "granted").await.is_problem(403, "scope-missing");
    moved(&world.bureau, &mandate, "declined").await.is_problem(403, "scope-missing");
    let other = world.app.client("demo-regio-zeeland").await;
    moved(&other, &mandate, "revoked").await.is_problem(404, "not-found");
    let taken_back = moved(&world.bureau, &mandate, "revoked").await.is(200);
    assert_eq!(taken_back.text_at("/status"), "revoked");
    moved(&world.practice, &mandate, "granted").await.is_problem(409, "invalid-transition");
}

#[actix_web::test]
async fn a_mandate_on_paper_holds_at_once_and_the_practice_revokes_it_for_good() {
    let world = Parties::meet().await;
    let recorded = world.bureau.post("/v1/mandates", &world.on_paper()).await.is(201);
    let mandate = recorded.header("location");
    assert_eq!((recorded.text_at("/status"), recorded.text_at("/origin")), ("granted".to_owned(), "paper".to_owned()));
    assert_eq!(recorded.text_at("/evidence/sha256"), "ab".repeat(32));
    let practice_id = json!(world.practice_id);
    assert_eq!(actions_seen(&world.practice, &mandate).await, [("created".to_owned(), practice_id)]);
    let revoked = moved(&world.practice, &mandate, "revoked").await.is(200);
    assert_eq!(revoked.text_at("/status"), "revoked");

    let steps = world.bureau.get(&format!("{mandate}/transitions")).await.is(200).items();
    let last = steps.last().unwrap()["id"].as_str().unwrap().to_owned();
    let undo = json!({ "withdrawn": true, "note": "Toch niet." });
    let corrections = format!("{mandate}/transitions/{last}/corrections");
    world.bureau.post(&corrections, &undo).await.is_problem(403, "not-permitted-on-resource");
    let restored = world.practice.post(&corrections, &undo).await.is(200);
    assert_eq!(restored.text_at("/status"), "granted");
}

#[actix_web::test]
async fn a_mandate_that_was_given_back_is_not_taken_again() {
    let world = Parties::meet().await;
    let mandate = world.bureau.post("/v1/mandates", &world.on_paper()).await.is(201).header("location");
    moved(&world.bureau, &mandate, "revoked").await.is(200);
    let steps = world.bureau.get(&format!("{mandate}/transitions")).await.is(200).items();
    let last = steps.last().unwrap()["id"].as_str().unwrap().to_owned();
    let undo = json!({ "withdrawn": true, "note": "Toch niet." });
    let refused = world.bureau.post(&format!("{mandate}/transitions/{last}/corrections"), &undo).await;
    refused.is_problem(403, "not-permitted-on-resource");
}

#[actix_web::test]
async fn only_a_host_of_the_region_is_asked_and_only_by_its_bureau() {
    let world = Parties::meet().await;
    let with = |change: Value| {
        let mut body = world.wanted();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    let school = world.app.organisation_of("demo-school-roc-tilburg").await;
    let far = world.app.organisation_of("demo-praktijk-eerste-duin").await;
    for nobody in [school, far, uuid::Uuid::now_v7().to_string()] {
        let body = with(json!({ "practiceId": nobody }));
        world.bureau.post("/v1/mandates", &body).await.has_fault("/practiceId", "not-a-host");
    }
    let twice = with(json!({ "scopes": ["offers", "offers"] }));
    world.bureau.post("/v1/mandates", &twice).await.has_fault("/scopes/1", "duplicate-item");
    let past = with(json!({ "validFrom": "2018-01-01", "validUntil": "2018-12-31" }));
    world.bureau.post("/v1/mandates", &past).await.has_fault("/validUntil", "already-ended");
    let other = world.app.client("demo-regio-zeeland").await;
    other.post("/v1/mandates", &world.wanted()).await.is_problem(403, "not-permitted-on-resource");
    world.practice.post("/v1/mandates", &world.wanted()).await.is_problem(403, "scope-missing");
}

#[actix_web::test]
async fn an_ended_mandate_is_expired_and_found_as_such() {
    let world = Parties::meet().await;
    let mut body = world.on_paper();
    body["validFrom"] = json!("2018-01-01");
    body["validUntil"] = json!("2018-12-31");
    let recorded = world.bureau.post("/v1/mandates", &body).await.is(201).json();
    assert_eq!((&recorded["expired"], &recorded["inForce"]), (&json!(true), &json!(false)));
    let ids = |answer: crate::support::Answer| -> Vec<Value> {
        answer.is(200).items().iter().map(|mandate| mandate["id"].clone()).collect()
    };
    let query = format!("/v1/mandates?practiceId={}&status=granted&scope=mentors", world.practice_id);
    assert_eq!(ids(world.bureau.get(&query).await), [recorded["id"].clone()]);
    assert_eq!(ids(world.bureau.get(&format!("{query}&inForce=false")).await), [recorded["id"].clone()]);
    assert!(ids(world.bureau.get(&format!("{query}&inForce=true")).await).is_empty());
}

#[actix_web::test]
async fn a_mandate_holds_on_the_fixed_day_of_the_service() {
    let on = |day: &str| Setting { today: Some(day.parse().unwrap()), ..Setting::default() };
    let app = TestApp::with(on("2019-06-01")).await;
    let bureau = app.client(BUREAU).await;
    let practice = app.organisation_of("demo-praktijk-derde-linde").await;
    let region = region_of(&bureau).await.rsplit('/').next().unwrap().to_owned();
    let mandate = json!({
        "practiceId": practice, "regionId": region, "scopes": ["offers"],
        "validFrom": "2019-05-01", "validUntil": "2019-12-31",
        "evidence": { "kind": "signed-form", "reference": "Map 4" },
    });
    assert_eq!(bureau.post("/v1/mandates", &mandate).await.is(201).json()["inForce"], true);
    let offer = json!({
        "practiceId": practice, "learningPaths": ["bol"], "startsOn": "2019-09-02", "endsOn": "2020-07-03", "seats": 1,
        "qualificationId": bureau.get("/v1/qualifications?framework=mbo").await.is(200).text_at("/items/0/id"),
        "setting": "day-practice",
    });
    app.db.forget_standings();
    bureau.post("/v1/placement-offers", &offer).await.is(201);
    for (day, status) in [("2019-04-30", 403), ("2019-05-01", 201), ("2019-12-31", 201), ("2020-01-01", 403)] {
        let then = app.beside(on(day)).await;
        let answer = then.client(BUREAU).await.post("/v1/placement-offers", &offer).await;
        assert_eq!(answer.status, status, "{day}: {}", String::from_utf8_lossy(&answer.body));
    }
}

/// Somebody past the guards.
struct Beyond(Actor);

impl Caller for Beyond {
    fn actor(&self) -> &Actor {
        &self.0
    }
}

#[actix_web::test]
async fn a_bureau_acts_for_a_practice_only_within_its_mandate() {
    let world = Parties::meet().await;
    let id = |text: &str| uuid::Uuid::parse_str(text).unwrap();
    let practice = OrganisationId(id(&world.practice_id));
    let bureau = Actor {
        kind: ActorKind::Client,
        client: Some(ClientId(id(&crate::support::Cluster::shared().client_id(BUREAU)))),
        organisation: Some(OrganisationId(id(&world.app.organisation_of(BUREAU).await))),
        role: Some(Role::Region),
        ..Actor::public(uuid::Uuid::nil())
    };
    let own = Actor { organisation: Some(practice), role: Some(Role::Practice), ..bureau.clone() };
    let db = Arc::new(world.app.db.clone());
    let taken = |actor: Actor, scope: MandateScope| {
        let db = Arc::clone(&db);
        async move { db.read(&Beyond(actor.clone()), move |conn| acting_for(conn, &actor, practice, None, scope)).await }
    };
    assert!(matches!(taken(own, MandateScope::Employment).await, Ok(None)));
    let missing = |outcome| matches!(outcome, Err(Error::Forbidden(rule)) if rule.code == "mandate-missing");
    assert!(missing(taken(bureau.clone(), MandateScope::Employment).await));

    let mandate = world.requested().await;
    assert!(missing(taken(bureau.clone(), MandateScope::Employment).await));
    moved(&world.practice, &mandate, "granted").await.is(200);
    let under = taken(bureau.clone(), MandateScope::Employment).await.unwrap().unwrap();
    assert!(under.0 == practice && mandate.ends_with(&under.1.to_string()));
    assert!(missing(taken(bureau.clone(), MandateScope::SubsidyApplications).await));
    moved(&world.practice, &mandate, "revoked").await.is(200);
    assert!(missing(taken(bureau, MandateScope::Employment).await));
}

/// A second region of a bureau, of which the practice is a host too; its id.
pub async fn second_region(app: &TestApp, bureau: &str, practice_id: &str) -> String {
    let desk = app.organisation_of(bureau).await;
    let region = json!({ "code": "demo-land", "name": "Demoland", "bureauOrganisationId": desk });
    let there = app.client("demo-platform").await.post("/v1/regions", &region).await.is(201);
    app.db.forget_standings();
    let member = json!({ "organisationId": practice_id, "hostKind": "practice", "effectiveFrom": "2018-01-01" });
    let members = format!("{}/memberships", there.header("location"));
    app.client(bureau).await.post(&members, &member).await.is(201);
    there.text_at("/id")
}

#[actix_web::test]
async fn a_mandate_for_one_region_is_none_for_another() {
    let world = Parties::meet().await;
    let elsewhere = second_region(&world.app, BUREAU, &world.practice_id).await;
    let mut paper = world.on_paper();
    paper["scopes"] = json!(["offers", "mentors"]);
    world.bureau.post("/v1/mandates", &paper).await.is(201);
    world.app.db.forget_standings();

    let qualifications = world.bureau.get("/v1/qualifications?profession=doctors-assistant").await.is(200);
    let offer = |region: &str| {
        json!({
            "practiceId": world.practice_id, "regionId": region, "learningPaths": ["bol"], "seats": 1,
            "qualificationId": qualifications.text_at("/items/0/id"), "setting": "day-practice",
            "startsOn": "2031-09-01", "endsOn": "2032-07-02",
        })
    };
    world.bureau.post("/v1/placement-offers", &offer(&elsewhere)).await.is_problem(403, "mandate-missing");
    world.bureau.post("/v1/placement-offers", &offer(&world.region_id)).await.is(201);
    let own = world.practice.post("/v1/placement-offers", &offer(&elsewhere)).await.is(201).header("location");
    let publish = json!({ "to": "published" });
    world.bureau.post(&format!("{own}/transitions"), &publish).await.is_problem(403, "mandate-missing");
    world.bureau.change(&own, &json!({ "seats": 2 })).await.is_problem(403, "mandate-missing");

    // Who guides interns belongs to no region.
    let mentor = json!({
        "practiceId": world.practice_id, "givenName": "Demo", "familyName": "Begeleider",
        "profession": "doctors-assistant",
    });
    world.bureau.post("/v1/mentors", &mentor).await.is(201);
}
