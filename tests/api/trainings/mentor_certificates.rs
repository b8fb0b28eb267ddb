//! Certificates of mentors, as dated facts.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{BUREAU, NEIGHBOUR, OTHER_BUREAU, SCHOOL, Scene};

#[actix_web::test]
async fn a_certificate_is_seen_by_whoever_sees_the_mentor() {
    let scene = Scene::start().await;
    let more = json!({ "number": "T-1", "validUntil": "2150-06-30", "professions": ["doctors-assistant"] });
    let made = scene.certify(&scene.practice, more).await.is(201);
    let path = made.header("location");
    assert_eq!((made.text_at("/mentorId"), made.text_at("/number")), (scene.id.clone(), "T-1".to_owned()));
    assert_eq!(made.text_at("/recordedBy/id"), scene.body["practiceId"].as_str().unwrap());
    assert_eq!(scene.bureau.get(&path).await.is(200).json(), made.json());
    for key in [NEIGHBOUR, OTHER_BUREAU, SCHOOL] {
        scene.app.client(key).await.get(&path).await.is_problem(404, "not-found");
    }
    for key in [NEIGHBOUR, OTHER_BUREAU] {
        let stranger = scene.app.client(key).await;
        scene.certify(&stranger, json!({})).await.has_fault("/mentorId", "unknown-reference");
        stranger.patch(&path, "*", &json!({ "number": null })).await.is_problem(404, "not-found");
    }
    let school = scene.app.client(SCHOOL).await;
    scene.certify(&school, json!({})).await.is_problem(403, "scope-missing");
    scene.app.client("demo-ssfh-1").await.get(&path).await.is_problem(403, "scope-missing");
}

#[actix_web::test]
async fn what_the_bureau_vouches_for_is_not_the_practices_to_change() {
    let scene = Scene::start().await;
    // A mandate for mentors is not needed: the bureau has them trained.
    let by_bureau = scene.certify(&scene.bureau, json!({})).await.is(201).header("location");
    let change = json!({ "validUntil": "2150-06-30" });
    scene.practice.change(&by_bureau, &change).await.is_problem(403, "not-permitted-on-resource");
    scene.bureau.change(&by_bureau, &change).await.is(200);

    let own = scene.certify(&scene.practice, json!({ "number": "T-1" })).await.is(201).header("location");
    scene.practice.change(&own, &change).await.is(200);
    let corrected = scene.bureau.change(&own, &json!({ "validUntil": "2140-06-30" })).await.is(200);
    assert_eq!(corrected.text_at("/recordedBy/id"), scene.app.organisation_of(BUREAU).await);
    scene.practice.change(&own, &change).await.is_problem(403, "not-permitted-on-resource");
}

#[actix_web::test]
async fn a_certificate_is_revoked_and_was_known_as_it_stood() {
    let scene = Scene::start().await;
    let made = scene.certify(&scene.practice, json!({})).await.is(201);
    let path = made.header("location");
    let revoked = json!({ "revokedOn": "2021-05-01", "revocationReason": "by-issuer" });
    let answer = scene.bureau.change(&path, &revoked).await.is(200);
    assert_eq!((answer.json()["version"].clone(), answer.text_at("/revocationReason")), (json!(2), "by-issuer".into()));
    let list = async |query: &str| -> Vec<Value> {
        let path = format!("/v1/mentor-certificates?mentorId={}&{query}", scene.id);
        scene.practice.get(&path).await.is(200).items()
    };
    assert_eq!(list("asOf=2021-04-30").await.len(), 1);
    assert_eq!(list("asOf=2021-05-01").await.len(), 0);
    assert_eq!(list("asOf=2020-02-02").await.len(), 0);
    let then = made.text_at("/recordedAt");
    let known = list(&format!("asOf=2021-05-01&knownAt={then}")).await;
    assert_eq!((known.len(), &known[0]["revokedOn"], &known[0]["version"]), (1, &Value::Null, &json!(1)));
    assert_eq!((list("revoked=true").await.len(), list("revoked=false").await.len()), (1, 0));
    let mentor = scene.practice.get(&scene.mentor).await.is(200).json();
    assert_eq!((&mentor["certified"], &mentor["version"]), (&json!(false), &json!(1)));
    let back = json!({ "revokedOn": null, "revocationReason": null });
    scene.bureau.change(&path, &back).await.is(200);
    assert_eq!(list("asOf=2021-05-01").await.len(), 1);
    let trail = scene.bureau.get("/v1/audit-events?limit=200").await.is(200).items();
    let id = made.text_at("/id");
    let actions: Vec<&str> = trail
        .iter()
        .filter(|event| event["resourceId"] == json!(id))
        .map(|event| event["action"].as_str().unwrap())
        .collect();
    assert!(actions.len() == 2 && actions.contains(&"revoked") && actions.contains(&"corrected"), "{actions:?}");
}

#[actix_web::test]
async fn what_never_was_is_withdrawn() {
    let scene = Scene::start().await;
    let path = scene.certify(&scene.practice, json!({})).await.is(201).header("location");
    let gone = scene.practice.change(&path, &json!({ "withdrawn": true })).await.is(200);
    assert!(gone.json()["supersededAt"].is_string());
    scene.practice.get(&path).await.is_problem(404, "not-found");
    scene.certify(&scene.practice, json!({})).await.is(201);
}

#[actix_web::test]
async fn a_certificate_is_what_it_can_be() {
    let scene = Scene::start().await;
    let faulty = async |more: Value, pointer: &str, code: &str| {
        scene.certify(&scene.practice, more).await.has_fault(pointer, code);
    };
    faulty(json!({ "issuedOn": "2150-01-01" }), "/issuedOn", "in-the-future").await;
    faulty(json!({ "validUntil": "2020-02-02" }), "/validUntil", "ends-before-start").await;
    faulty(json!({ "mentorId": Uuid::now_v7() }), "/mentorId", "unknown-reference").await;
    let twice = json!({ "professions": ["doctors-assistant", "doctors-assistant"] });
    faulty(twice.clone(), "/professions/1", "duplicate-item").await;
    faulty(json!({ "issuer": " " }), "/issuer", "too-short").await;
    faulty(json!({ "revokedOn": "2021-01-01" }), "/revokedOn", "read-only").await;

    let path = scene.certify(&scene.practice, json!({})).await.is(201).header("location");
    let wrong = async |change: Value, pointer: &str, code: &str| {
        scene.practice.change(&path, &change).await.has_fault(pointer, code);
    };
    wrong(twice, "/professions/1", "duplicate-item").await;
    wrong(json!({ "revokedOn": "2021-01-01" }), "/revocationReason", "end-and-reason").await;
    wrong(json!({ "revocationReason": "other" }), "/revokedOn", "end-and-reason").await;
    let revoked = |day: &str| json!({ "revokedOn": day, "revocationReason": "other" });
    wrong(revoked("2020-02-03"), "/revokedOn", "revoked-before-valid").await;
    wrong(revoked("2150-01-01"), "/revokedOn", "in-the-future").await;
    wrong(json!({ "issuedOn": "2150-01-01" }), "/issuedOn", "in-the-future").await;
    scene.practice.patch(&path, "\"9-x\"", &json!({})).await.is_problem(412, "version-mismatch");
}

#[actix_web::test]
async fn a_certificate_is_recorded_once_also_by_two_at_once() {
    let scene = Scene::start().await;
    let (first, second) = futures_util::future::join(
        scene.certify(&scene.practice, json!({ "number": "T-1" })),
        scene.certify(&scene.bureau, json!({ "number": "T-1" })),
    )
    .await;
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    scene.certify(&scene.practice, json!({ "number": "T-1" })).await.is_problem(409, "already-recorded");
    scene.certify(&scene.practice, json!({ "number": "T-1", "issuedOn": "2021-02-03" })).await.is(201);
    scene.certify(&scene.practice, json!({})).await.is(201);
    scene.certify(&scene.practice, json!({})).await.is_problem(409, "already-recorded");
}

#[actix_web::test]
async fn of_two_corrections_at_once_one_is_stale() {
    let scene = Scene::start().await;
    let made = scene.certify(&scene.practice, json!({})).await.is(201);
    let (path, etag) = (made.header("location"), made.header("etag"));
    let ends = [json!({ "validUntil": "2140-01-01" }), json!({ "validUntil": "2150-01-01" })];
    let (first, second) = futures_util::future::join(
        scene.practice.patch(&path, &etag, &ends[0]),
        scene.practice.patch(&path, &etag, &ends[1]),
    )
    .await;
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

#[actix_web::test]
async fn what_expires_soon_is_listed() {
    let scene = Scene::start().await;
    let certificate = scene.certify(&scene.practice, json!({ "validUntil": "2150-06-30" })).await.is(201);
    scene.certify(&scene.practice, json!({ "number": "T-2", "validUntil": "2021-06-30" })).await.is(201);
    scene.certify(&scene.practice, json!({ "number": "T-3" })).await.is(201);
    let practice = scene.body["practiceId"].as_str().unwrap();
    let before = async |day: &str| -> Vec<Value> {
        let path = format!("/v1/mentor-certificates?limit=200&practiceId={practice}&expiringBefore={day}");
        let items = scene.bureau.get(&path).await.is(200).items();
        items.iter().map(|item| item["id"].clone()).collect()
    };
    assert_eq!(before("2150-07-01").await, vec![certificate.json()["id"].clone()]);
    assert!(before("2150-06-30").await.is_empty());
}
