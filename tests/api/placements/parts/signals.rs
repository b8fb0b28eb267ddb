//! Signals: raised by a side or by a roster, followed up by school and bureau.

use serde_json::{Value, json};
use stagepunt::education::roster_imports::Worker;

use super::super::placing::{moves, moves_because};
use super::super::{OTHER_BUREAU, OTHER_SCHOOL};
use super::{FUNDER, STRANGERS, Scene};
use crate::roster_imports::{ended, roster, upload};
use crate::support::TestClient;

async fn kinds(client: &TestClient, query: &str) -> Vec<Value> {
    let listed = client.get(&format!("/v1/signals{query}")).await.is(200).items();
    listed.into_iter().map(|signal| signal["kind"].clone()).collect()
}

#[actix_web::test]
async fn a_signal_is_raised_seen_taken_up_and_settled() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let placement = scene.placed("signal-1", "confirmed").await;
    let raised =
        json!({ "kind": "host-capacity", "description": "De vaste begeleider valt weg", "raisedOn": "2018-11-12" });
    let made = scene.practice.post(&format!("{placement}/signals"), &raised).await.is(201);
    let path = made.header("location");
    assert_eq!((made.text_at("/status").as_str(), &made.json()["shownToPractice"]), ("raised", &json!(true)));
    assert_eq!(made.json()["allowedTransitions"], json!([]));
    moves(&scene.practice, &path, "acknowledged").await.is_problem(403, "scope-missing");
    moves(school, &path, "resolved").await.is_problem(409, "invalid-transition");
    for (by, to) in [(bureau, "acknowledged"), (school, "in-action"), (bureau, "escalated"), (bureau, "resolved")] {
        let now = moves(by, &path, to).await.is(200);
        assert_eq!(now.text_at("/status"), to);
    }
    let steps = scene.practice.get(&format!("{path}/transitions")).await.is(200).items();
    assert_eq!((steps.len(), &steps[0]["effectiveOn"]), (5, &json!("2018-11-12")));
    let last = steps[4]["id"].as_str().unwrap();
    let back = json!({ "withdrawn": true, "note": "Toch nog niet" });
    let correction = format!("{path}/transitions/{last}/corrections");
    school.post(&correction, &back).await.is_problem(403, "not-permitted-on-resource");
    assert_eq!(bureau.post(&correction, &back).await.is(200).text_at("/status"), "escalated");

    for stranger in STRANGERS {
        let stranger = scene.app.client(stranger).await;
        stranger.get(&path).await.is_problem(404, "not-found");
        stranger.post(&format!("{placement}/signals"), &raised).await.is_problem(404, "not-found");
        let listed = stranger.get("/v1/signals?limit=200").await.is(200).items();
        assert!(listed.iter().all(|signal| signal["id"] != made.json()["id"]));
    }
    scene.app.client(FUNDER).await.get("/v1/signals").await.is_problem(403, "scope-missing");
}

#[actix_web::test]
async fn the_host_sees_what_it_is_shown() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let signals = format!("{}/signals", scene.placed("signal-2", "confirmed").await);
    let kept = school.post(&signals, &json!({ "kind": "conflict" })).await.is(201).header("location");
    bureau.post(&signals, &json!({ "kind": "paperwork", "shownToPractice": true })).await.is(201);
    assert_eq!(kinds(&scene.practice, "").await, ["paperwork"]);
    scene.practice.get(&kept).await.is_problem(404, "not-found");
    assert_eq!(scene.practice.get(&signals).await.is(200).items().len(), 1);
    assert_eq!(school.get(&signals).await.is(200).items().len(), 2);
    let region = scene.ground.region.clone();
    moves(bureau, &kept, "acknowledged").await.is(200);
    assert_eq!(kinds(bureau, &format!("?regionId={region}&status=acknowledged")).await, ["conflict"]);
    assert_eq!(kinds(school, "?settled=false&kind=paperwork").await, ["paperwork"]);
    assert!(kinds(school, "?settled=true").await.is_empty());

    let refused = json!({ "kind": "student-left-roster", "raisedOn": "2099-01-01", "description": "bsn 111222333" });
    school.post(&signals, &refused).await.has_fault("/description", "bsn-like");
    let refused = json!({ "kind": "student-left-roster", "raisedOn": "2099-01-01" });
    school
        .post(&signals, &refused)
        .await
        .has_fault("/kind", "raised-by-roster")
        .has_fault("/raisedOn", "in-the-future");
}

#[actix_web::test]
async fn whoever_leaves_the_roster_is_flagged_once_to_school_and_bureau() {
    let scene = Scene::with_seats(2).await;
    let _worker = Worker::start(&scene.app.db).unwrap();
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let (placed, over) =
        (scene.placed("leaver-placed", "confirmed").await, scene.placed("leaver-over", "confirmed").await);
    moves_because(school, &over, "cancelled", Some("left-programme")).await.is(200);
    let waiting = scene.student("leaver-waiting").await;
    let request = scene.ground.ask(&waiting, json!({})).await.is(201).text_at("/id");
    scene.student("stays").await;
    let import = async |keys: &[&str]| {
        let accepted = upload(school, "mode=full", "text/csv", roster("", keys, "").into_bytes()).await.is(202);
        let import = ended(school, &accepted.header("location")).await;
        assert_eq!(import["status"], "done", "{import}");
    };
    import(&["stays", "stays-too"]).await;
    let placement = placed.rsplit('/').next().unwrap();
    let left = "?kind=student-left-roster";
    let flagged = bureau.get(&format!("/v1/signals{left}")).await.is(200).items();
    assert_eq!(flagged.len(), 2, "nothing of a cancelled placement");
    assert_eq!(kinds(school, &format!("{left}&placementId={placement}")).await.len(), 1);
    assert_eq!(kinds(school, &format!("{left}&requestId={request}")).await.len(), 1);
    assert_eq!(flagged[0]["raisedBy"]["id"], scene.ground.school.id.as_str());
    assert!(kinds(&scene.practice, "").await.is_empty(), "the host is told by school or bureau");
    let path = format!("/v1/signals/{}", flagged[0]["id"].as_str().unwrap());
    assert_eq!(bureau.get(&format!("{path}/transitions")).await.is(200).items().len(), 1);

    import(&["stays", "leaver-placed", "leaver-waiting"]).await;
    import(&["stays"]).await;
    assert_eq!(kinds(bureau, left).await.len(), 2, "once while it is followed");
    moves(bureau, &path, "acknowledged").await.is(200);
    moves(bureau, &path, "resolved").await.is(200);
    import(&["stays", "leaver-placed", "leaver-waiting"]).await;
    let student = school.get(&placed).await.is(200).text_at("/studentId");
    for student in [student, waiting] {
        school.change(&format!("/v1/students/{student}"), &json!({ "active": false })).await.is(200);
    }
    assert_eq!(kinds(bureau, left).await.len(), 3, "again once it was settled");
}

#[actix_web::test]
async fn a_request_that_is_open_has_signals_of_school_and_bureau() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let asked = scene.ground.ask(&scene.student("signal-3").await, json!({})).await.is(201);
    let (request, signals) = (asked.text_at("/id"), format!("{}/signals", asked.header("location")));
    let raised = json!({ "kind": "wellbeing-at-work", "description": "Wacht al lang", "raisedOn": "2018-11-12" });
    let made = bureau.post(&signals, &raised).await.is(201);
    assert_eq!((&made.json()["requestId"], &made.json()["placementId"]), (&json!(request), &Value::Null));
    assert_eq!((made.text_at("/raisedOn").as_str(), &made.json()["shownToPractice"]), ("2018-11-12", &json!(false)));
    school.post(&signals, &json!({ "kind": "other" })).await.is(201);
    moves(school, &made.header("location"), "acknowledged").await.is(200);
    assert_eq!(school.get(&format!("{signals}?status=acknowledged")).await.is(200).items().len(), 1);
    assert_eq!(kinds(bureau, &format!("?requestId={request}")).await, ["wellbeing-at-work", "other"]);

    school
        .post(&signals, &json!({ "kind": "other", "shownToPractice": true }))
        .await
        .has_fault("/shownToPractice", "no-host-yet");
    school.post(&signals, &json!({ "kind": "student-left-roster" })).await.has_fault("/kind", "raised-by-roster");
    scene.practice.post(&signals, &raised).await.is_problem(403, "scope-missing");
    scene.practice.get(&signals).await.is_problem(403, "scope-missing");
    scene.practice.get(&made.header("location")).await.is_problem(404, "not-found");
    for stranger in [OTHER_BUREAU, OTHER_SCHOOL] {
        let stranger = scene.app.client(stranger).await;
        stranger.post(&signals, &raised).await.is_problem(404, "not-found");
        stranger.get(&signals).await.is_problem(404, "not-found");
    }
    scene.ground.move_as(school, &asked.header("location"), "withdrawn").await.is(200);
    bureau.post(&signals, &raised).await.is_problem(409, "request-not-open");
}
