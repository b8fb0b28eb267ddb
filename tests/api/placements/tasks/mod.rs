//! Tasks: what still has to be done for a placement, told from the proposal until a year after the end.

mod board;
mod recognition;
mod seats;

use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};

use super::agreements::{paper, sign};
use super::placing::{Scene, moves};
use super::{FUNDER, OTHER_BUREAU, OTHER_SCHOOL, PRACTICE};
use crate::support::TestClient;

/// The tasks of a placement.
async fn tasks(client: &TestClient, path: &str) -> Vec<Value> {
    client.get(&format!("{path}/tasks")).await.is(200).items()
}

/// Kinds and assignees of the tasks of a placement.
async fn told(client: &TestClient, path: &str) -> Vec<(String, String)> {
    let text = |task: &Value, field: &str| task[field].as_str().unwrap().to_owned();
    tasks(client, path).await.iter().map(|task| (text(task, "kind"), text(task, "assignee"))).collect()
}

async fn kinds(client: &TestClient, path: &str) -> Vec<String> {
    told(client, path).await.into_iter().map(|(kind, _)| kind).collect()
}

fn of_kind(tasks: &[Value], kind: &str) -> Vec<Value> {
    tasks.iter().filter(|task| task["kind"] == kind).cloned().collect()
}

/// The placement is in this state, whatever it still needed, for the school year 2018-2019; it ended on this day, if any.
fn set(scene: &Scene, path: &str, status: &str, ended_on: Option<&str>) {
    let id = path.rsplit('/').next().unwrap();
    let day = ended_on.map_or("NULL".to_owned(), |day| format!("'{day}'"));
    // That of the scene goes on until 2031.
    let days = format!(
        "ends_on = CASE WHEN starts_on < '2019-01-01' THEN date '2019-07-05' ELSE ends_on END, ended_on = {day}"
    );
    let set = format!("UPDATE placements SET status = '{status}', {days} WHERE id = '{id}'");
    scene.app.database.owner().batch_execute(&format!("SET session_replication_role = replica; {set}")).unwrap();
}

fn named(kind: &str, assignee: &str) -> (String, String) {
    (kind.to_owned(), assignee.to_owned())
}

#[actix_web::test]
async fn a_placement_tells_whose_turn_it_is_until_it_begins() {
    let scene = Scene::start().await;
    let (school, bureau, practice) = (&scene.ground.school.client, &scene.ground.bureau, &scene.practice);
    let path = scene.propose(&scene.student("task-1").await).await;
    assert_eq!(told(school, &path).await, [named("reserve", "region")]);
    let reserved = moves(practice, &path, "reserved").await.is(200);
    assert_eq!(told(school, &path).await, [named("introduce", "school"), named("confirm", "practice")]);
    let due: Vec<Value> = tasks(school, &path).await.iter().map(|task| task["dueOn"].clone()).collect();
    assert_eq!(due, [reserved.json()["expiresOn"].clone(), reserved.json()["expiresOn"].clone()]);
    moves(school, &path, "introduced").await.is(200);
    assert_eq!(told(bureau, &path).await, [named("confirm", "practice")]);
    moves(practice, &path, "confirmed").await.is(200);

    let all = tasks(school, &path).await;
    let first = &of_kind(&all, "make-agreement")[0];
    assert_eq!(
        (&first["assignee"], &first["dueOn"], &first["overdue"]),
        (&json!("school"), &json!("2018-09-03"), &json!(true))
    );
    assert_eq!(first["href"], format!("{path}/agreements"));
    assert_eq!(first["practice"]["id"], scene.app.organisation_of(PRACTICE).await.as_str());
    let agreement = school.post(&format!("{path}/agreements"), &json!({})).await.is(201).header("location");
    let begun = kinds(school, &path).await;
    assert!(begun.contains(&"begin-signing".to_owned()) && !begun.contains(&"make-agreement".to_owned()), "{begun:?}");
    moves(school, &path, "agreement-pending").await.is(200);
    let signers: Vec<Value> =
        of_kind(&tasks(practice, &path).await, "sign-agreement").iter().map(|task| task["assignee"].clone()).collect();
    assert_eq!(signers, ["practice", "school", "student"]);
    sign(school, &agreement, "school", json!({})).await.is(200);
    sign(school, &agreement, "student", paper()).await.is(200);
    let signers = of_kind(&tasks(practice, &path).await, "sign-agreement");
    assert_eq!((signers.len(), &signers[0]["assignee"]), (1, &json!("practice")));
    sign(practice, &agreement, "practice", json!({})).await.is(200);

    is_prepared(&scene, &path).await;
    let left = told(school, &path).await;
    assert!(left.contains(&named("set-ready", "region")), "{left:?}");
    moves(bureau, &path, "ready").await.is(200);
    assert!(told(school, &path).await.contains(&named("start", "practice")));
    moves(practice, &path, "active").await.is(200);
    assert!(!kinds(school, &path).await.contains(&"start".to_owned()));
}

/// What readiness misses is told as tasks, and gone when it is there.
async fn is_prepared(scene: &Scene, path: &str) {
    let (school, practice) = (&scene.ground.school.client, &scene.practice);
    assert!(told(school, path).await.contains(&named("name-mentor", "practice")));
    let mentor = practice.get("/v1/mentors?limit=1").await.is(200).text_at("/items/0/id");
    let etag = practice.get(path).await.is(200).header("etag");
    practice.patch(&format!("{path}/guidance"), &etag, &json!({ "mentorId": mentor })).await.is(200);
    let missing = async || -> Vec<(Value, Value)> {
        let readiness = practice.get(&format!("{path}/readiness")).await.is(200).json();
        let items = readiness["items"].as_array().unwrap().clone();
        items
            .iter()
            .filter(|item| item["met"] == false)
            .map(|item| (item["need"].clone(), item["severity"].clone()))
            .collect()
    };
    let asked = async || -> Vec<(Value, Value)> {
        let tasks = of_kind(&tasks(practice, path).await, "meet-need");
        tasks.iter().map(|task| (task["need"].clone(), task["severity"].clone())).collect()
    };
    let sorted = |mut needs: Vec<(Value, Value)>| {
        needs.sort_by_key(|(need, _)| need.to_string());
        needs
    };
    assert!(!kinds(school, path).await.contains(&"set-ready".to_owned()));
    let needs = sorted(missing().await);
    assert!(needs.contains(&(json!("certificate-of-conduct"), json!("blocks"))), "{needs:?}");
    assert_eq!(sorted(asked().await), needs);
    let qualification = practice.get(path).await.is(200).text_at("/qualification/id");
    let recognised = json!({
        "qualificationId": qualification, "validFrom": "2017-01-01", "source": "SBB", "checkedOn": "2018-06-01" });
    let host = scene.app.organisation_of(PRACTICE).await;
    scene.ground.bureau.post(&format!("/v1/organisations/{host}/recognitions"), &recognised).await.is(201);
    for (need, _) in needs {
        if need != "recognition" && need != "mentor-certificate" {
            let met = json!({ "requirement": need, "status": "met" });
            school.post(&format!("{path}/compliance-items"), &met).await.is(201);
        }
    }
    assert_eq!(sorted(asked().await), sorted(missing().await));
    assert!(asked().await.iter().all(|(_, severity)| severity == "warns"));
}

#[actix_web::test]
async fn talks_and_evaluations_are_due_while_it_goes_on() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let path = scene.placed("task-2", "confirmed").await;
    assert!(of_kind(&tasks(school, &path).await, "hold-three-way-talk").is_empty());
    set(&scene, &path, "active", None);
    let talks = async || -> Vec<(Value, Value, Value)> {
        let talks = of_kind(&tasks(school, &path).await, "hold-three-way-talk");
        talks.iter().map(|task| (task["talkNumber"].clone(), task["onSite"].clone(), task["dueOn"].clone())).collect()
    };
    let talk = |number: i64, on_site: bool, due: &str| (json!(number), json!(on_site), json!(due));
    let all = [talk(1, false, "2018-11-18"), talk(2, false, "2019-02-02"), talk(3, true, "2019-04-19")];
    assert_eq!(talks().await, all);
    let held = |on_site: bool| json!({ "kind": "three-way", "heldOn": "2018-10-11", "onSite": on_site });
    let moments = format!("{path}/contact-moments");
    scene
        .practice
        .post(&moments, &json!({ "kind": "school-visit", "heldOn": "2018-10-11", "onSite": true }))
        .await
        .is(201);
    assert_eq!(talks().await.len(), 3, "a visit is no three-way talk");
    let first = school.post(&moments, &held(false)).await.is(201).header("location");
    assert_eq!(talks().await, all[1..]);
    school.change(&first, &json!({ "onSite": true })).await.is(200);
    assert_eq!(talks().await[1], talk(3, false, "2019-04-19"));
    school.change(&first, &json!({ "withdrawn": true })).await.is(200);
    for _ in 0..3 {
        school.post(&moments, &held(false)).await.is(201);
    }
    assert_eq!(talks().await, [talk(4, true, "2019-04-19")], "three elsewhere");
    school.post(&moments, &held(true)).await.is(201);
    assert_eq!(talks().await, []);

    let judges = async || -> Vec<(Value, Value)> {
        let judges = of_kind(&tasks(school, &path).await, "evaluate");
        judges.iter().map(|task| (task["assignee"].clone(), task["evaluationMoment"].clone())).collect()
    };
    let judge = |who: &str, moment: &str| (json!(who), json!(moment));
    assert_eq!(judges().await, [judge("practice", "first"), judge("school", "first"), judge("student", "first")]);
    let evaluation = |moment: &str, by: &str| {
        json!({ "moment": moment, "judgedBy": by, "heldOn": "2018-11-15",
            "scores": [{ "group": "skills", "criterion": "Meet de bloeddruk", "score": 3 }] })
    };
    scene.practice.post(&format!("{path}/evaluations"), &evaluation("midterm", "mentor")).await.is(201);
    school.post(&format!("{path}/evaluations"), &evaluation("first", "student")).await.is(201);
    assert_eq!(judges().await, [judge("practice", "final"), judge("school", "first"), judge("student", "midterm")]);

    assert!(told(school, &path).await.contains(&named("finish", "school")));
    moves(school, &path, "interrupted").await.is(200);
    let now = kinds(school, &path).await;
    assert!(now.contains(&"resume".to_owned()) && !now.contains(&"finish".to_owned()), "{now:?}");
}

#[actix_web::test]
async fn what_became_of_the_intern_is_asked_at_the_end_and_a_year_later() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let path = scene.placed("task-3", "confirmed").await;
    set(&scene, &path, "ended-early", Some("2019-03-01"));
    let asked = tasks(bureau, &path).await;
    let told: Vec<_> = asked.iter().map(|task| (&task["outcomeMoment"], &task["dueOn"], &task["assignee"])).collect();
    let region = json!("region");
    let (end, later) = (json!("at-end"), json!("after-a-year"));
    let (first, second) = (json!("2019-03-29"), json!("2020-03-29"));
    assert_eq!(told, [(&end, &first, &region), (&later, &second, &region)]);
    let outcome = |moment: &str, on: &str| json!({ "moment": moment, "kind": "hired-by-host", "knownOn": on });
    let outcomes = format!("{path}/outcomes");
    scene.practice.post(&outcomes, &outcome("at-end", "2019-03-01")).await.is(201);
    assert_eq!(tasks(school, &path).await.len(), 1);
    set(&scene, &path, "completed", Some("2019-03-01"));
    assert_eq!(of_kind(&tasks(school, &path).await, "evaluate").len(), 3, "the final evaluations");
    school.post(&outcomes, &outcome("after-a-year", "2020-03-01")).await.is(201);
    assert_eq!(tasks(school, &path).await, Vec::<Value>::new());
    let board = bureau.get("/v1/tasks?limit=200").await.is(200).items();
    assert!(board.iter().all(|task| !path.ends_with(task["placementId"].as_str().unwrap())));
}

#[actix_web::test]
async fn tasks_are_for_the_three_sides_only() {
    let scene = Scene::start().await;
    let path = scene.placed("task-4", "reserved").await;
    let id = path.rsplit('/').next().unwrap().to_owned();
    let has = async |client: &TestClient| {
        client
            .get("/v1/tasks?kind=introduce&limit=200")
            .await
            .is(200)
            .items()
            .iter()
            .any(|task| task["placementId"] == id.as_str())
    };
    for side in [&scene.practice, &scene.ground.bureau, &scene.ground.school.client] {
        assert_eq!(tasks(side, &path).await.len(), 2);
        assert!(has(side).await);
    }
    for stranger in [OTHER_BUREAU, OTHER_SCHOOL, "demo-praktijk-tweede-beuk"] {
        let stranger = scene.app.client(stranger).await;
        stranger.get(&format!("{path}/tasks")).await.is_problem(404, "not-found");
        assert!(!has(&stranger).await);
    }
    for key in [FUNDER, "demo-platform"] {
        let stranger = scene.app.client(key).await;
        stranger.get("/v1/tasks").await.is_problem(403, "scope-missing");
        stranger.get(&format!("{path}/tasks")).await.is_problem(403, "scope-missing");
    }
}
