//! The student signs by a mailed link.

use diesel::connection::SimpleConnection as _;
use futures_util::future::join;
use reqwest::Method;
use serde_json::{Value, json};
use stagepunt::mailing::{Desk, Outbox, Post, Turn};

use super::{Scene, agreed, moves_because, paper, sign};
use crate::mailing::sink::Sink;
use crate::students::owner_reads;
use crate::support::{Answer, Cluster, TestApp, TestClient};

const PAGE: &str = "https://tekenen.example.org/overeenkomst";

/// The token of the newest mail, as its reader finds it.
pub fn mailed(app: &TestApp) -> (String, String) {
    let sink = Sink::start();
    let post = Post::through_server(&sink.url(), "Stagepunt <stagepunt@example.org>", PAGE).unwrap();
    let desk = Desk::new(&app.db, Outbox::new(&Cluster::shared().master), Some(post));
    assert_eq!(desk.send_next().unwrap(), Turn::Handled);
    let mail = sink.taken().pop().unwrap();
    let token = mail.split(&format!("{PAGE}#")).nth(1).unwrap().lines().next().unwrap().to_owned();
    (token, mail)
}

async fn by_link(app: &TestApp, method: Method, path: &str, token: &str, body: Option<&Value>) -> Answer {
    let anyone = app.anyone();
    let request = anyone.request(method, path).header("Authorization", format!("Link {token}"));
    anyone.send(if let Some(body) = body { request.json(body) } else { request }).await
}

pub async fn reads(app: &TestApp, token: &str) -> Answer {
    by_link(app, Method::GET, "/v1/signing/agreement", token, None).await
}

pub async fn signs(app: &TestApp, token: &str, sheet: i64) -> Answer {
    let body = json!({ "sheetNumber": sheet });
    by_link(app, Method::POST, "/v1/signing/agreement/signatures", token, Some(&body)).await
}

pub async fn ask(client: &TestClient, agreement: &str) -> Answer {
    let path = format!("{agreement}/student-link");
    client.send(client.request(Method::POST, &path)).await
}

#[actix_web::test]
async fn a_student_reads_and_signs_by_the_mailed_link_once() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let (_, agreement) = agreed(&scene, "link-1").await;
    ask(&scene.practice, &agreement).await.is_problem(403, "scope-missing");
    let asked = ask(school, &agreement).await.is(200);
    assert!(asked.json()["studentAskedAt"].is_string());
    let (token, mail) = mailed(&scene.app);
    assert!(mail.contains("To: link-1@school.example"), "{mail}");
    for part in [token.as_str(), "school.example"] {
        assert!(!String::from_utf8_lossy(&asked.body).contains(part), "no answer shows it");
    }
    let shown = reads(&scene.app, &token).await.is(200);
    assert_eq!((&shown.json()["sheetNumber"], &shown.json()["signedOn"]), (&json!(1), &Value::Null));
    assert!(!shown.json().to_string().contains("Honderd"), "no names of persons");
    signs(&scene.app, &token, 2).await.is_problem(409, "other-sheet");
    let signed = signs(&scene.app, &token, 1).await.is(200);
    assert!(signed.json()["signedOn"].is_string());
    signs(&scene.app, &token, 1).await.is_problem(401, "invalid-token");
    reads(&scene.app, &token).await.is_problem(401, "invalid-token");
    let now = school.get(&agreement).await.is(200);
    assert_eq!(now.json()["awaiting"], json!(["school", "practice"]));
    let by_link = &now.json()["sheets"][0]["signatures"][0];
    assert_eq!(by_link["method"], "link");
    let correction = format!("/v1/agreement-signatures/{}/corrections", by_link["id"].as_str().unwrap());
    school.post_keyed(&correction, &json!({ "withdrawn": true })).await.is_problem(403, "not-permitted-on-resource");
    ask(school, &agreement).await.is_problem(409, "already-signed");
    let trail = "SELECT actor_kind AS value FROM audit_events WHERE action = 'signed' AND client_id IS NULL";
    assert_eq!(owner_reads(&scene.app, trail), ["link"]);
}

#[actix_web::test]
async fn of_two_signatures_at_once_one_wins() {
    let scene = Scene::start().await;
    let (_, agreement) = agreed(&scene, "link-2").await;
    ask(&scene.ground.school.client, &agreement).await.is(200);
    let (token, _) = mailed(&scene.app);
    let (one, other) = join(signs(&scene.app, &token, 1), signs(&scene.app, &token, 1)).await;
    let mut told = [one.status.as_u16(), other.status.as_u16()];
    told.sort_unstable();
    assert!(told == [200, 401] || told == [200, 409], "{told:?}");
    let now = scene.ground.school.client.get(&agreement).await.is(200);
    assert_eq!(now.json()["sheets"][0]["signatures"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn whoever_signs_waits_for_whoever_is_at_the_agreement() {
    let scene = Scene::start().await;
    let (_, agreement) = agreed(&scene, "link-5").await;
    ask(&scene.ground.school.client, &agreement).await.is(200);
    let (token, _) = mailed(&scene.app);
    let id = agreement.rsplit('/').next().unwrap();
    let mut other = scene.app.database.owner();
    other.batch_execute(&format!("BEGIN; SELECT pg_advisory_xact_lock(signing_lock('{id}'))")).unwrap();
    let then = async {
        scene.app.database.until_waiting(1).await;
        other.batch_execute("COMMIT").unwrap();
    };
    let (signed, ()) = join(signs(&scene.app, &token, 1), then).await;
    signed.is(200);
}

#[actix_web::test]
async fn a_new_link_a_new_sheet_or_the_end_of_the_placement_revokes_the_link_whoever_asked() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let (placement, agreement) = agreed(&scene, "link-3").await;
    ask(bureau, &agreement).await.is(200);
    let (first, _) = mailed(&scene.app);
    ask(school, &agreement).await.is(200);
    let (second, _) = mailed(&scene.app);
    reads(&scene.app, &first).await.is_problem(401, "invalid-token");
    reads(&scene.app, &second).await.is(200);

    ask(bureau, &agreement).await.is(200);
    let (third, _) = mailed(&scene.app);
    let amended = school.post(&format!("{agreement}/sheets"), &json!({ "totalHours": 300 })).await.is(200);
    assert_eq!(amended.json()["studentAskedAt"], Value::Null);
    signs(&scene.app, &third, 1).await.is_problem(401, "invalid-token");

    ask(bureau, &agreement).await.is(200);
    let (fourth, _) = mailed(&scene.app);
    assert_eq!(reads(&scene.app, &fourth).await.is(200).json()["sheetNumber"], 2);
    moves_because(&scene.practice, &placement, "cancelled", Some("host-withdrew")).await.is(200);
    signs(&scene.app, &fourth, 2).await.is_problem(401, "invalid-token");
}

#[actix_web::test]
async fn a_link_opens_its_own_agreement_only_and_needs_an_address() {
    let scene = Scene::with_seats(2).await;
    let school = &scene.ground.school.client;
    let (_, agreement) = agreed(&scene, "link-4").await;
    let nameless = scene.placed("link-5", "confirmed").await;
    let without = school.post(&format!("{nameless}/agreements"), &json!({})).await.is(201).header("location");
    ask(school, &without).await.is_problem(409, "no-school-email");
    ask(school, &agreement).await.is(200);
    let (token, _) = mailed(&scene.app);
    assert!(agreement.ends_with(&reads(&scene.app, &token).await.is(200).text_at("/agreementId")));
    by_link(&scene.app, Method::GET, &agreement, &token, None).await.is_problem(403, "scope-missing");
    school.get("/v1/signing/agreement").await.is_problem(403, "link-needed");
    sign(school, &agreement, "student", paper()).await.is(200);
    signs(&scene.app, &token, 1).await.is_problem(409, "already-signed");
}
