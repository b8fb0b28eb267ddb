//! Evaluations: each judge once at a moment, by a rubric.

use serde_json::{Value, json};

use super::{Scene, is_for_three_sides_only};

fn evaluation(judge: &str, score: i64) -> Value {
    json!({
        "moment": "first", "judgedBy": judge, "heldOn": "2018-11-15",
        "scores": [
            { "group": "attitude-and-behaviour", "criterion": "Komt afspraken na", "score": score },
            { "group": "skills", "criterion": "Meet de bloeddruk", "score": 3 },
        ],
    })
}

#[actix_web::test]
async fn each_side_judges_for_itself_and_once() {
    let scene = Scene::start().await;
    let (school, bureau) = (&scene.ground.school.client, &scene.ground.bureau);
    let evaluations = format!("{}/evaluations", scene.placed("evaluation-1", "confirmed").await);
    let made = scene.practice.post(&evaluations, &evaluation("mentor", 4)).await.is(201);
    assert_eq!(made.json()["scores"], evaluation("mentor", 4)["scores"]);
    is_for_three_sides_only(&scene, &made.header("location")).await;
    scene.practice.post(&evaluations, &evaluation("school", 4)).await.has_fault("/judgedBy", "not-yours-to-judge");
    school.post(&evaluations, &evaluation("mentor", 4)).await.has_fault("/judgedBy", "not-yours-to-judge");
    school.post(&evaluations, &evaluation("student", 2)).await.is(201);
    bureau.post(&evaluations, &evaluation("mentor", 4)).await.is_problem(409, "already-recorded");
    assert_eq!(bureau.get(&format!("{evaluations}?judgedBy=student")).await.is(200).items().len(), 1);

    let path = made.header("location");
    let better = json!({ "scores": [{ "group": "skills", "criterion": "Meet de bloeddruk", "score": 5 }] });
    school.change(&path, &better).await.is_problem(403, "not-permitted-on-resource");
    let now = bureau.change(&path, &better).await.is(200).json();
    assert_eq!((&now["version"], &now["scores"]), (&json!(2), &better["scores"]), "the bureau mends what it is told");
}

#[actix_web::test]
async fn a_rubric_has_scores_from_one_to_five() {
    let scene = Scene::start().await;
    let evaluations = format!("{}/evaluations", scene.placed("evaluation-2", "confirmed").await);
    let judge = async |more: Value| {
        let mut body = evaluation("mentor", 4);
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        scene.practice.post(&evaluations, &body).await
    };
    let line = |criterion: &str, score: i64| json!({ "group": "skills", "criterion": criterion, "score": score });
    judge(json!({ "scores": [line("Telefoon", 6)] })).await.has_fault("/scores/0/score", "out-of-range");
    judge(json!({ "scores": [line("Van 111222333", 1)] })).await.has_fault("/scores/0/criterion", "bsn-like");
    judge(json!({ "scores": [line("A", 1), line("A", 2)] })).await.has_fault("/scores/1", "duplicate-item");
    judge(json!({ "scores": [] })).await.has_fault("/scores", "too-few");
    judge(json!({ "heldOn": "2099-01-01" })).await.has_fault("/heldOn", "in-the-future");
}
