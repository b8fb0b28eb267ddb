//! The board across placements: whole, in pages, and narrowed.

use serde_json::{Value, json};

use super::super::placing::Scene;
use super::super::{BUREAU, PRACTICE, SCHOOL};
use super::{of_kind, set, tasks};
use crate::support::{TestApp, TestClient};

/// All tasks of a board, read in pages of so many; none holds more.
async fn paged(client: &TestClient, query: &str, limit: usize) -> Vec<Value> {
    let first = format!("/v1/tasks?limit={limit}{query}");
    let (mut page, mut read) = (first.clone(), Vec::new());
    loop {
        let answer = client.get(&page).await.is(200);
        assert!(answer.items().len() <= limit);
        read.extend(answer.items());
        let Some(cursor) = answer.json()["nextCursor"].as_str().map(str::to_owned) else { return read };
        page = format!("{first}&cursor={cursor}");
    }
}

#[actix_web::test]
async fn pages_of_any_length_hold_every_task_once() {
    let app = TestApp::start().await;
    for key in [BUREAU, SCHOOL, PRACTICE] {
        let client = app.client(key).await;
        let mut expected = Vec::new();
        for placement in client.get("/v1/placements?limit=200").await.is(200).items() {
            expected.extend(tasks(&client, &format!("/v1/placements/{}", placement["id"].as_str().unwrap())).await);
        }
        assert!(expected.len() > 10, "{key}: {}", expected.len());
        let whole = paged(&client, "", 200).await;
        for limit in [1, 3, 7] {
            assert_eq!(paged(&client, "", limit).await, whole, "{key}, {limit} at a time");
        }
        let sorted = |mut tasks: Vec<Value>| {
            tasks.sort_by_key(Value::to_string);
            tasks
        };
        assert_eq!(sorted(whole.clone()), sorted(expected), "{key}: the tasks of each placement");
        for (query, wanted) in [
            ("&assignee=region", json!({ "assignee": "region" })),
            ("&kind=record-outcome", json!({ "kind": "record-outcome" })),
            ("&overdue=true", json!({ "overdue": true })),
        ] {
            let (field, value) = wanted.as_object().unwrap().iter().next().unwrap();
            let left: Vec<Value> = whole.iter().filter(|task| task[field] == *value).cloned().collect();
            for limit in [2, 200] {
                assert_eq!(paged(&client, query, limit).await, left, "{key}{query}");
            }
        }
    }
}

#[actix_web::test]
async fn what_is_due_before_a_day_is_found() {
    let scene = Scene::with_seats(3).await;
    let bureau = &scene.ground.bureau;
    let paths = [
        scene.placed("board-1", "reserved").await,
        scene.placed("board-2", "confirmed").await,
        scene.placed("board-3", "confirmed").await,
    ];
    set(&scene, &paths[1], "active", None);
    set(&scene, &paths[2], "completed", Some("2019-07-05"));
    let whole = paged(bureau, "", 200).await;
    for path in &paths {
        assert!(whole.iter().any(|task| path.ends_with(task["placementId"].as_str().unwrap())));
    }
    for day in ["2018-02-01", "2018-09-03", "2018-09-04", "2018-11-19", "2019-07-05", "2019-08-03", "2100-01-01"] {
        let due = |task: &&Value| task["dueOn"].as_str().unwrap() < day;
        let left: Vec<Value> = whole.iter().filter(due).cloned().collect();
        assert_eq!(paged(bureau, &format!("&dueBefore={day}"), 5).await, left, "{day}");
    }
    let day = format!("&dueBefore=2018-11-19&practiceId={}", scene.app.organisation_of(PRACTICE).await);
    let talks = of_kind(&paged(bureau, &day, 50).await, "hold-three-way-talk");
    assert!(talks.iter().any(|task| paths[1].ends_with(task["placementId"].as_str().unwrap())));
    bureau.get("/v1/tasks?dueBefore=soon").await.is(400);
    bureau.get("/v1/tasks?assignee=nobody").await.is(400);
}

#[actix_web::test]
async fn a_board_is_narrowed_to_a_school_a_host_or_a_region() {
    let scene = Scene::start().await;
    scene.placed("board-4", "reserved").await;
    let bureau = &scene.ground.bureau;
    let whole = paged(bureau, "", 200).await;
    let host = scene.app.organisation_of(PRACTICE).await;
    for (query, field, id) in [
        ("schoolId", "school", scene.ground.school.id.clone()),
        ("practiceId", "practice", host.clone()),
        ("regionId", "region", scene.ground.region.clone()),
    ] {
        let left: Vec<Value> = whole.iter().filter(|task| task[field]["id"] == id.as_str()).cloned().collect();
        assert!(!left.is_empty());
        assert_eq!(paged(bureau, &format!("&{query}={id}"), 4).await, left, "{query}");
        let none = paged(bureau, &format!("&{query}=01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11"), 4).await;
        assert_eq!(none, Vec::<Value>::new());
    }
}
