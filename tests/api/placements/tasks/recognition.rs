//! A host that loses its recognition while an intern is there: the bureau is told.

use serde_json::{Value, json};

use super::super::PRACTICE;
use super::super::placing::Scene;
use super::{of_kind, set, tasks};

#[actix_web::test]
async fn a_recognition_that_is_withdrawn_during_a_placement_is_the_bureaus_to_see_to() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let path = scene.placed("recognition-1", "confirmed").await;
    let host = scene.app.organisation_of(PRACTICE).await;
    let recognitions = format!("/v1/organisations/{host}/recognitions");
    let record = async |valid_from: &str| {
        let body = json!({
            "qualificationId": bureau.get(&path).await.is(200).text_at("/qualification/id"), "validFrom": valid_from,
            "source": "SBB", "checkedOn": "2018-06-01" });
        bureau.post(&recognitions, &body).await.is(201).header("location")
    };
    let told = async || of_kind(&tasks(bureau, &path).await, "see-to-recognition");
    let first = record("2017-01-01").await;
    let withdraw = async |recognition: &str, on: Value| {
        bureau.change(recognition, &json!({ "withdrawnOn": on })).await.is(200);
    };
    set(&scene, &path, "active", None);
    assert_eq!(told().await, Vec::<Value>::new());
    withdraw(&first, json!("2019-02-01")).await;
    for status in ["ready", "interrupted", "active"] {
        set(&scene, &path, status, None);
        let task = told().await;
        assert_eq!(task.len(), 1, "{status}");
        assert_eq!((&task[0]["assignee"], &task[0]["dueOn"]), (&json!("region"), &json!("2019-02-01")));
        assert_eq!((&task[0]["href"], &task[0]["overdue"]), (&json!(recognitions), &json!(true)));
    }
    assert_eq!(of_kind(&tasks(school, &path).await, "see-to-recognition").len(), 1, "the school sees that");
    let board = async || -> Vec<Value> {
        let items = bureau.get("/v1/tasks?kind=see-to-recognition&limit=200").await.is(200).items();
        items.into_iter().filter(|task| path.ends_with(task["placementId"].as_str().unwrap())).collect()
    };
    assert_eq!(board().await, told().await);

    withdraw(&first, json!("2019-07-06")).await;
    assert!(told().await.is_empty(), "the placement is over by then");
    withdraw(&first, json!("2019-07-05")).await;
    assert_eq!(told().await.len(), 1, "its last day counts");
    let again = record("2019-03-01").await;
    assert!(told().await.is_empty() && board().await.is_empty(), "it is recognised again");
    withdraw(&again, json!("2019-05-01")).await;
    withdraw(&first, json!("2018-12-01")).await;
    assert_eq!(told().await[0]["dueOn"], "2019-05-01", "the last of them");
    withdraw(&first, Value::Null).await;
    assert!(told().await.is_empty());
    withdraw(&first, json!("2019-05-01")).await;
    for over in ["completed", "ended-early"] {
        set(&scene, &path, over, Some("2019-06-01"));
        assert!(told().await.is_empty(), "{over}");
    }
}
