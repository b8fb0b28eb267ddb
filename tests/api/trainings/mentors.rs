//! Mentors of practices.

use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};
use serde_json::{Value, json};
use stagepunt::kernel::ids::{MentorId, OrganisationId, QualificationId};
use stagepunt::trainings::mentors::guides_at;
use uuid::Uuid;

use super::{BUREAU, MANDATING, NEIGHBOUR, OTHER_BUREAU, PRACTICE, SCHOOL, Scene};
use crate::support::as_client;

#[actix_web::test]
async fn a_mentor_is_seen_by_its_practice_and_the_bureau_only() {
    let scene = Scene::start().await;
    let read = scene.practice.get(&scene.mentor).await.is(200);
    assert_eq!(read.text_at("/familyName"), "Voorbeeld-Negen");
    assert_eq!(read.json()["guides"], json!(["doctors-assistant"]));
    assert_eq!((read.json()["certified"].clone(), read.json()["active"].clone()), (json!(false), json!(true)));
    assert_eq!(scene.bureau.get(&scene.mentor).await.is(200).json(), read.json());
    for key in [NEIGHBOUR, OTHER_BUREAU, SCHOOL] {
        let stranger = scene.app.client(key).await;
        stranger.get(&scene.mentor).await.is_problem(404, "not-found");
        let listed = stranger.get("/v1/mentors?limit=200").await.is(200).items();
        assert!(listed.iter().all(|mentor| mentor["id"] != json!(scene.id)), "{key}");
    }
    for key in ["demo-ssfh-1", "demo-platform"] {
        scene.app.client(key).await.get("/v1/mentors").await.is_problem(403, "scope-missing");
    }
    let school = scene.app.client(SCHOOL).await;
    school.post("/v1/mentors", &scene.body).await.is_problem(403, "scope-missing");
}

#[actix_web::test]
async fn a_practice_changes_its_mentors() {
    let scene = Scene::start().await;
    let change =
        json!({ "familyName": "Voorbeeld-Tien", "workEmail": null, "workPhone": "013 000 00 10", "prefix": "de" });
    let changed = scene.practice.change(&scene.mentor, &change).await.is(200).json();
    assert_eq!((&changed["familyName"], &changed["prefix"]), (&json!("Voorbeeld-Tien"), &json!("de")));
    assert_eq!((&changed["workEmail"], &changed["version"]), (&Value::Null, &json!(2)));
    let both = json!({ "guides": ["doctors-assistant", "triage-assistant"], "active": false });
    let changed = scene.practice.change(&scene.mentor, &both).await.is(200).json();
    assert_eq!((&changed["active"], &changed["workPhone"]), (&json!(false), &json!("013 000 00 10")));
    scene.practice.patch(&scene.mentor, "\"1-x\"", &both).await.is_problem(412, "version-mismatch");
    scene.practice.change(&scene.mentor, &json!({ "givenName": null })).await.is_problem(400, "invalid-input");
    let neighbour = scene.app.client(NEIGHBOUR).await;
    neighbour.patch(&scene.mentor, "*", &both).await.is_problem(404, "not-found");
}

#[actix_web::test]
async fn of_two_changes_at_once_one_is_stale() {
    let scene = Scene::start().await;
    let etag = scene.practice.get(&scene.mentor).await.is(200).header("etag");
    let (one, two) = (json!({ "prefix": "de" }), json!({ "active": false }));
    let (first, second) = futures_util::future::join(
        scene.practice.patch(&scene.mentor, &etag, &one),
        scene.practice.patch(&scene.mentor, &etag, &two),
    )
    .await;
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

#[actix_web::test]
async fn a_bureau_acts_under_a_mandate_for_mentors_and_on_record() {
    let scene = Scene::of(MANDATING).await;
    let made = scene.bureau.post("/v1/mentors", &scene.body).await.is(201);
    scene.bureau.change(&made.header("location"), &json!({ "active": false })).await.is(200);
    scene.bureau.change(&scene.mentor, &json!({ "active": false })).await.is(200);
    let trail = scene.practice.get("/v1/audit-events?limit=200").await.is(200).items();
    let mine: Vec<_> = trail.iter().filter(|event| event["resourceId"] == made.json()["id"]).collect();
    assert_eq!(mine.len(), 2);
    assert!(mine.iter().all(|event| event["onBehalfOf"] == scene.body["practiceId"]), "{mine:?}");
    assert!(!Value::from(trail).to_string().contains("Voorbeeld-Negen"), "the trail names nobody");
}

#[actix_web::test]
async fn without_that_mandate_a_bureau_reads_only() {
    let scene = Scene::start().await;
    scene.bureau.post("/v1/mentors", &scene.body).await.is_problem(403, "mandate-missing");
    let change = json!({ "active": false });
    scene.bureau.change(&scene.mentor, &change).await.is_problem(403, "mandate-missing");
    scene.app.client(NEIGHBOUR).await.post("/v1/mentors", &scene.body).await.is_problem(403, "mandate-missing");
    let other = scene.app.client(OTHER_BUREAU).await;
    other.patch(&scene.mentor, "*", &change).await.is_problem(404, "not-found");
}

#[actix_web::test]
async fn sight_outlives_a_membership_and_writing_does_not() {
    let scene = Scene::of(MANDATING).await;
    let certificate = scene.certify(&scene.bureau, json!({})).await.is(201).header("location");
    scene.leave_the_region().await;
    scene.bureau.get(&scene.mentor).await.is(200);
    scene.bureau.get(&certificate).await.is(200);
    scene.bureau.change(&scene.mentor, &json!({ "active": false })).await.is_problem(403, "not-permitted-on-resource");
    scene.bureau.post("/v1/mentors", &scene.body).await.is_problem(403, "not-permitted-on-resource");
    let refused = scene.certify(&scene.bureau, json!({ "number": "T-1" })).await;
    refused.is_problem(403, "not-permitted-on-resource");
    let withdrawn = json!({ "withdrawn": true });
    scene.bureau.change(&certificate, &withdrawn).await.is_problem(403, "not-permitted-on-resource");
}

#[actix_web::test]
async fn a_mentor_is_what_it_can_be() {
    let scene = Scene::start().await;
    let faulty = async |more: Value, pointer: &str, code: &str| {
        scene.enter(more).await.has_fault(pointer, code);
    };
    faulty(json!({ "guides": ["triage-assistant", "triage-assistant"] }), "/guides/1", "duplicate-item").await;
    faulty(json!({ "guides": [] }), "/guides", "too-few").await;
    faulty(json!({ "profession": "huisarts" }), "/profession", "unknown-value").await;
    faulty(json!({ "familyName": "111222333" }), "/familyName", "bsn-like").await;
    faulty(json!({ "bsn": "1" }), "/bsn", "unknown-property").await;
    faulty(json!({ "workEmail": "geen adres" }), "/workEmail", "malformed").await;
    let twice = json!({ "guides": ["triage-assistant", "triage-assistant"] });
    scene.practice.change(&scene.mentor, &twice).await.has_fault("/guides/1", "duplicate-item");
    // Names say nothing about who is who: the same one twice is two people.
    scene.enter(json!({})).await.is(201);
}

#[actix_web::test]
async fn mentors_are_found_by_their_certificates() {
    let scene = Scene::start().await;
    scene.certify(&scene.practice, json!({ "validUntil": "2150-06-30" })).await.is(201);
    let found = async |query: &str| {
        let items = scene.bureau.get(&format!("/v1/mentors?limit=200&{query}")).await.is(200).items();
        items.iter().any(|item| item["id"] == json!(scene.id))
    };
    assert_eq!(scene.bureau.get(&scene.mentor).await.is(200).json()["certified"], json!(true));
    for day in ["2020-02-03", "2150-06-30"] {
        assert!(found(&format!("hasValidCertificateOn={day}")).await, "{day}");
        assert!(!found(&format!("withoutValidCertificateOn={day}")).await, "{day}");
    }
    for day in ["2020-02-02", "2150-07-01"] {
        assert!(!found(&format!("hasValidCertificateOn={day}")).await, "{day}");
        assert!(found(&format!("withoutValidCertificateOn={day}")).await, "{day}");
    }
    assert!(found("expiringBefore=2150-07-01").await && !found("expiringBefore=2150-06-30").await);
    scene.certify(&scene.practice, json!({ "number": "T-2" })).await.is(201);
    assert!(!found("expiringBefore=2150-07-01").await, "another certificate goes on");
    let practice = scene.body["practiceId"].as_str().unwrap();
    assert!(found(&format!("practiceId={practice}&active=true&guides=doctors-assistant")).await);
    assert!(!found("active=false").await && !found("guides=triage-assistant").await);
    assert!(!found(&format!("practiceId={}", scene.id)).await);
}

#[derive(QueryableByName)]
struct Access {
    #[diesel(sql_type = Text)]
    line: String,
}

#[actix_web::test]
async fn who_saw_a_mentor_is_on_record_and_nothing_else_shows_a_name() {
    let scene = Scene::of(MANDATING).await;
    let certificate = scene.certify(&scene.practice, json!({})).await.is(201);
    let accesses = || -> Vec<String> {
        let look = "SELECT operation || ' ' || array_to_string(subject_ids, ' ') AS line FROM access_events \
                    WHERE operation LIKE '%mentor%' ORDER BY id";
        let rows: Vec<Access> = sql_query(look).load(&mut scene.app.database.owner()).unwrap();
        rows.into_iter().map(|row| row.line).collect()
    };
    let before = accesses().len();
    scene.bureau.get(&scene.mentor).await.is(200);
    scene.practice.change(&scene.mentor, &json!({ "active": false })).await.is(200);
    let seen = accesses().split_off(before);
    assert_eq!(seen.len(), 3, "{seen:?}");
    assert_eq!((&seen[0], &seen[2]), (&format!("get_mentor {}", scene.id), &format!("update_mentor {}", scene.id)));
    let listed = scene.bureau.get("/v1/mentor-certificates?limit=200").await.is(200);
    for answer in [certificate, listed] {
        let text = String::from_utf8(answer.body).unwrap();
        assert!(!text.contains("Voorbeeld-") && text.contains(&scene.id), "{text}");
    }
    assert_eq!(accesses().len(), before + 3);
}

#[actix_web::test]
async fn the_demo_knows_mentors_with_and_without_a_certificate() {
    let app = crate::support::TestApp::start().await;
    let bureau = app.client(BUREAU).await;
    let on = async |query: &str| bureau.get(&format!("/v1/mentors?{query}")).await.is(200).items().len();
    assert_eq!(on("limit=200").await, 5);
    assert_eq!(on("hasValidCertificateOn=2018-11-30").await, 4);
    assert_eq!(on("hasValidCertificateOn=2019-03-31").await, 2);
    assert_eq!(app.client(PRACTICE).await.get("/v1/mentors").await.is(200).items().len(), 2);
}

#[actix_web::test]
async fn a_mentor_guides_interns_of_its_professions_while_it_is_active() {
    let scene = Scene::of(NEIGHBOUR).await;
    let qualification = async |profession: &str| {
        let items = scene.practice.get("/v1/qualifications?limit=200").await.is(200).items();
        let found = items.iter().find(|item| item["profession"] == profession).unwrap();
        QualificationId(found["id"].as_str().unwrap().parse().unwrap())
    };
    let assistant = qualification("doctors-assistant").await;
    let nurse = qualification("practice-nurse-somatic").await;
    let mentor = MentorId(scene.id.parse().unwrap());
    let practice = OrganisationId(scene.body["practiceId"].as_str().unwrap().parse().unwrap());
    let guides = |qualification| {
        guides_at(&mut as_client(&scene.app.database, BUREAU), mentor, practice, qualification).unwrap()
    };
    assert!(guides(assistant) && !guides(nurse) && !guides(QualificationId(Uuid::now_v7())));
    scene.practice.change(&scene.mentor, &json!({ "active": false })).await.is(200);
    assert!(!guides(assistant));
}
