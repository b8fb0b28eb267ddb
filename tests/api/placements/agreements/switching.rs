//! A student switches the learning path: the placement follows, its agreement ends, and school and
//! bureau hear what is needed.

use serde_json::{Value, json};
use stagepunt::education::roster_imports::Worker;

use super::{Scene, all_sign, missing, moves, stands_at};
use crate::roster_imports::{ended, roster, upload};
use crate::support::TestClient;

/// A student in the school-based path since September, and the path of the student's confirmed placement.
async fn follows_bol(scene: &Scene, key: &str) -> (String, String) {
    let student = scene.ground.student(key, json!({})).await;
    let periods = format!("/v1/students/{student}/learning-path-periods");
    let since = json!({ "learningPath": "bol", "effectiveFrom": "2018-09-01" });
    scene.ground.school.client.post(&periods, &since).await.is(201);
    let placement = scene.propose(&student).await;
    moves(&scene.practice, &placement, "reserved").await.is(200);
    moves(&scene.practice, &placement, "confirmed").await.is(200);
    (periods, placement)
}

async fn makes(scene: &Scene, placement: &str) -> String {
    scene.ground.school.client.post(&format!("{placement}/agreements"), &json!({})).await.is(201).header("location")
}

async fn signals(client: &TestClient, placement: &str) -> Vec<Value> {
    let id = placement.rsplit('/').next().unwrap();
    client.get(&format!("/v1/signals?kind=learning-path-switched&placementId={id}")).await.is(200).items()
}

#[actix_web::test]
async fn a_switch_ends_the_agreement_and_asks_for_a_new_one_and_for_the_employer() {
    let scene = Scene::with_seats(2).await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let (periods, placement) = follows_bol(&scene, "switch-1").await;
    let first = makes(&scene, &placement).await;
    all_sign(&scene, &first).await;
    stands_at(&scene, &placement, "active");
    let (_, other) = follows_bol(&scene, "switch-other").await;
    let others = makes(&scene, &other).await;
    let needs = missing(school, &placement).await;
    assert!(!needs.contains(&"signed-agreement".to_owned()) && !needs.contains(&"employer".to_owned()));

    let switch = json!({ "learningPath": "bbl", "effectiveFrom": "2019-02-04" });
    school.post(&periods, &switch).await.is(201);
    let gone = school.get(&first).await.is(200);
    assert_eq!(
        (gone.text_at("/endedOn").as_str(), gone.text_at("/endReason").as_str()),
        ("2019-02-04", "learning-path-switched")
    );
    let now = scene.practice.get(&placement).await.is(200);
    assert_eq!((now.text_at("/status").as_str(), now.text_at("/learningPath").as_str()), ("active", "bbl"));
    let needs = missing(&scene.practice, &placement).await;
    assert!(needs.contains(&"signed-agreement".to_owned()) && needs.contains(&"employer".to_owned()), "{needs:?}");
    for side in [school, bureau] {
        let told = signals(side, &placement).await;
        assert_eq!((told.len(), &told[0]["status"]), (1, &json!("raised")));
        assert_eq!(told[0]["raisedBy"]["id"], scene.ground.school.id.as_str());
    }
    assert!(signals(&scene.practice, &placement).await.is_empty(), "the host is told by school or bureau");
    assert_eq!(school.get(&others).await.is(200).json()["endedOn"], Value::Null, "of that student only");
    assert!(signals(school, &other).await.is_empty());
    let by_hand = json!({ "kind": "learning-path-switched" });
    school.post(&format!("{placement}/signals"), &by_hand).await.has_fault("/kind", "raised-by-learning-path");

    let again = school.post(&format!("{placement}/agreements"), &json!({})).await.is(201);
    let sheet = &again.json()["sheets"][0];
    assert_eq!((&sheet["learningPath"], &sheet["startsOn"]), (&json!("bbl"), &json!("2019-02-04")));
    let second = again.header("location");
    school.post(&format!("{second}/sheets"), &json!({ "totalHours": 300 })).await.is(200);
    assert_eq!(school.get(&placement).await.is(200).text_at("/startsOn"), "2018-09-03", "it began before that");
    let employer = scene.app.organisation_of(super::PRACTICE).await;
    let told = json!({ "employer": { "kind": "host", "organisationId": employer, "from": "2019-02-04" } });
    school.change(&placement, &told).await.is(200);
    all_sign(&scene, &second).await;
    let needs = missing(school, &placement).await;
    assert!(!needs.contains(&"signed-agreement".to_owned()) && !needs.contains(&"employer".to_owned()), "{needs:?}");

    let back = json!({ "learningPath": "bol", "effectiveFrom": "2019-04-01" });
    school.post(&periods, &back).await.is(201);
    let now = school.get(&placement).await.is(200).json();
    assert_eq!((&now["learningPath"], &now["employer"]), (&json!("bol"), &Value::Null), "no employer outside the BBL");
    assert_eq!(school.get(&second).await.is(200).text_at("/endedOn"), "2019-04-01");
    assert_eq!(signals(school, &placement).await.len(), 1, "said once while it is followed");
}

#[actix_web::test]
async fn the_board_asks_for_the_new_agreement_and_the_employer_on_the_day_of_the_switch() {
    let scene = Scene::start().await;
    let (school, practice) = (&scene.ground.school.client, &scene.practice);
    let (periods, placement) = follows_bol(&scene, "switch-board").await;
    let first = makes(&scene, &placement).await;
    all_sign(&scene, &first).await;
    let asked = async |client: &TestClient| -> Vec<String> {
        let tasks = client.get(&format!("{placement}/tasks")).await.is(200).items();
        let asked = tasks.iter().filter(|task| task["kind"] == "make-agreement" || task["need"] == "employer");
        let told = |task: &Value| {
            let text = |field: &str| task[field].as_str().unwrap_or_default().to_owned();
            format!("{} {} {} {}", text("kind"), text("need"), text("assignee"), text("dueOn"))
        };
        asked.map(told).collect()
    };
    stands_at(&scene, &placement, "active");
    assert_eq!(asked(school).await, Vec::<String>::new());
    school.post(&periods, &json!({ "learningPath": "bbl", "effectiveFrom": "2019-02-04" })).await.is(201);
    for status in ["agreement-pending", "ready", "active", "interrupted"] {
        stands_at(&scene, &placement, status);
        let employer = if ["active", "interrupted"].contains(&status) { "2019-02-04" } else { "2018-09-03" };
        let expected =
            ["make-agreement  school 2019-02-04".to_owned(), format!("meet-need employer school {employer}")];
        for side in [school, practice] {
            assert_eq!(asked(side).await, expected, "{status}");
        }
    }
    let employer = scene.app.organisation_of(super::PRACTICE).await;
    let told = json!({ "employer": { "kind": "host", "organisationId": employer, "from": "2019-02-04" } });
    school.change(&placement, &told).await.is(200);
    assert_eq!(asked(school).await.len(), 1, "the employer is known");
    makes(&scene, &placement).await;
    assert_eq!(asked(school).await, Vec::<String>::new());
    let signers = school.get(&format!("{placement}/tasks")).await.is(200).items();
    assert_eq!(signers.iter().filter(|task| task["kind"] == "sign-agreement").count(), 3, "and is signed next");
}

#[actix_web::test]
async fn an_end_as_switched_and_another_path_after_it_is_a_switch_too() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let (periods, placement) = follows_bol(&scene, "switch-2").await;
    let agreement = makes(&scene, &placement).await;
    let period = school.get(&periods).await.is(200).text_at("/items/0/id");
    let end = json!({ "effectiveTo": "2019-02-01", "endReason": "switched" });
    school.change(&format!("{periods}/{period}"), &end).await.is(200);
    assert_eq!(school.get(&agreement).await.is(200).json()["endedOn"], Value::Null, "not to another path yet");
    school.post(&periods, &json!({ "learningPath": "bbl", "effectiveFrom": "2019-02-04" })).await.is(201);
    assert_eq!(school.get(&agreement).await.is(200).text_at("/endedOn"), "2019-02-04");
}

#[actix_web::test]
async fn a_correction_moves_the_placement_and_brings_back_what_an_error_ended() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let (periods, placement) = follows_bol(&scene, "switch-3").await;
    let agreement = makes(&scene, &placement).await;
    all_sign(&scene, &agreement).await;
    let wrong = school.post(&periods, &json!({ "learningPath": "bbl", "effectiveFrom": "2019-02-04" })).await.is(201);
    assert!(missing(school, &placement).await.contains(&"signed-agreement".to_owned()));
    // A pace is no path.
    school.change(&wrong.header("location"), &json!({ "accelerated": true })).await.is(200);
    school.change(&wrong.header("location"), &json!({ "learningPath": "bol" })).await.is(200);
    let now = school.get(&agreement).await.is(200).json();
    assert_eq!((&now["endedOn"], &now["endReason"]), (&Value::Null, &Value::Null), "it stands as it was signed");
    assert_eq!(school.get(&placement).await.is(200).text_at("/learningPath"), "bol");
    assert!(!missing(school, &placement).await.contains(&"signed-agreement".to_owned()));
    school.change(&wrong.header("location"), &json!({ "learningPath": "bbl" })).await.is(200);
    assert_eq!(school.get(&agreement).await.is(200).text_at("/endReason"), "learning-path-switched");
}

#[actix_web::test]
async fn a_placement_that_ended_or_was_meant_for_another_path_stays_as_it_was() {
    let scene = Scene::with_seats(2).await;
    let school = &scene.ground.school.client;
    let (periods, over) = follows_bol(&scene, "switch-4").await;
    makes(&scene, &over).await;
    stands_at(&scene, &over, "completed");
    let student = periods.split('/').nth(3).unwrap();
    let meant = scene.try_propose(student, json!({ "learningPath": "bbl" })).await.is(201).header("location");
    school.post(&periods, &json!({ "learningPath": "bbl", "effectiveFrom": "2019-02-04" })).await.is(201);
    assert_eq!(school.get(&over).await.is(200).text_at("/learningPath"), "bol");
    assert!(signals(school, &over).await.is_empty());
    assert_eq!(school.get(&meant).await.is(200).json()["version"], 1, "it was for this path already");
}

#[actix_web::test]
async fn a_roster_switches_like_the_api() {
    let scene = Scene::with_seats(2).await;
    let _worker = Worker::start(&scene.app.db).unwrap();
    let school = &scene.ground.school.client;
    let (_, placement) = follows_bol(&scene, "rostered").await;
    let agreement = makes(&scene, &placement).await;
    let (_, stays) = follows_bol(&scene, "rostered-stays").await;
    let kept = makes(&scene, &stays).await;
    let import = async |path: &str| {
        let rows = roster(",learningPath", &["rostered"], &format!(",{path}"));
        let rows = format!("{rows}{}", "rostered-stays,Voorbeeld,Student,PROEF,bol\n");
        let accepted = upload(school, "mode=delta", "text/csv", rows.into_bytes()).await.is(202);
        let import = ended(school, &accepted.header("location")).await;
        assert_eq!(import["status"], "done", "{import}");
    };
    import("bol").await;
    assert_eq!(school.get(&agreement).await.is(200).json()["endedOn"], Value::Null);
    import("bbl").await;
    let gone = school.get(&agreement).await.is(200);
    assert_eq!(gone.text_at("/endReason"), "learning-path-switched");
    assert_eq!(school.get(&placement).await.is(200).text_at("/learningPath"), "bbl");
    assert_eq!(signals(&scene.ground.bureau, &placement).await.len(), 1);
    assert_eq!(school.get(&kept).await.is(200).json()["endedOn"], Value::Null);
    import("bol").await;
    assert_eq!(school.get(&agreement).await.is(200).json()["endedOn"], Value::Null, "mended on the same day");
}
