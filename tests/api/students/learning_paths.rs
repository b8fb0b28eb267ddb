//! Learning path periods: history that is never overwritten.

use serde_json::{Value, json};

use super::{SCHOOL, School};
use crate::support::TestApp;

async fn history(school: &School, path: &str) -> Vec<Value> {
    school.client.get(path).await.is(200).items()
}

#[actix_web::test]
async fn a_student_switches_at_any_moment_and_back() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    let student = format!("/v1/students/{}", school.enter("x", json!({})).await);
    let periods = format!("{student}/learning-path-periods");
    let first = json!({ "learningPath": "bol", "effectiveFrom": "2018-09-01" });
    let made = school.client.post_once(&periods, "begin", &first).await.is(201);
    assert_eq!(school.client.get(&made.header("location")).await.is(200).json(), made.json());
    let known_at = made.text_at("/recordedAt");
    school.client.post(&periods, &first).await.is_problem(409, "same-learning-path");
    let switch = json!({ "learningPath": "bbl", "effectiveFrom": "2019-02-04", "accelerated": true });
    let switched = school.client.post(&periods, &switch).await.is(201).json();
    let back = json!({ "learningPath": "bol", "effectiveFrom": "2019-02-05" });
    school.client.post(&periods, &back).await.is(201);

    let now = history(&school, &periods).await;
    let told: Vec<_> =
        now.iter().map(|period| [&period["learningPath"], &period["effectiveTo"], &period["endReason"]]).collect();
    let expected = [
        [json!("bol"), json!("2019-02-04"), json!("switched")],
        [json!("bbl"), json!("2019-02-05"), json!("switched")],
        [json!("bol"), json!(null), json!(null)],
    ];
    assert_eq!(told, expected.iter().map(<[Value; 3]>::each_ref).collect::<Vec<_>>());
    assert_eq!((&now[0]["version"], &now[1]["id"]), (&json!(2), &switched["id"]));
    let then = history(&school, &format!("{periods}?asOf=2019-02-04")).await;
    assert!(then.len() == 1 && then[0]["accelerated"] == true);
    let known = history(&school, &format!("{periods}?asOf=2019-02-04&knownAt={known_at}")).await;
    assert!(known.len() == 1 && known[0]["learningPath"] == "bol", "as it was known then: {known:?}");
    assert_eq!(school.client.get(&student).await.is(200).text_at("/learningPath"), "bol");
}

#[actix_web::test]
async fn a_put_with_another_path_is_a_switch_of_today() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    let id = school.enter("x", json!({ "learningPath": "bol" })).await;
    let periods = format!("/v1/students/{id}/learning-path-periods");
    // Begun today: another path today mends it.
    let mended = school.put("x", json!({ "learningPath": "bbl", "accelerated": true })).await.is(200).json();
    assert_eq!(
        (&mended["learningPath"], &mended["accelerated"], &mended["version"]),
        (&json!("bbl"), &json!(true), &json!(2))
    );
    let only = history(&school, &periods).await;
    assert_eq!((only.len(), &only[0]["version"]), (1, &json!(2)));
    let period = format!("{periods}/{}", only[0]["id"].as_str().unwrap());
    school.client.change(&period, &json!({ "effectiveFrom": "2018-09-01" })).await.is(200);
    school.put("x", json!({ "learningPath": "bbl" })).await.is(200);
    assert_eq!(history(&school, &periods).await.len(), 1, "the same path is no switch");
    school.put("x", json!({ "learningPath": "bol" })).await.is(200);
    let two = history(&school, &periods).await;
    assert_eq!((two.len(), &two[0]["endReason"], &two[1]["learningPath"]), (2, &json!("switched"), &json!("bol")));
    assert_eq!(two[0]["effectiveTo"], two[1]["effectiveFrom"]);
}

#[actix_web::test]
async fn a_period_is_ended_corrected_and_taken_back() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    let student = format!("/v1/students/{}", school.enter("x", json!({})).await);
    let periods = format!("{student}/learning-path-periods");
    let new = json!({ "learningPath": "bol", "effectiveFrom": "2018-09-01" });
    let period = school.client.post(&periods, &new).await.is(201).header("location");
    let change = async |body: Value| school.client.change(&period, &body).await;
    change(json!({ "effectiveTo": "2019-06-28" })).await.has_fault("/endReason", "end-and-reason");
    change(json!({ "endReason": "diploma" })).await.has_fault("/effectiveTo", "end-and-reason");
    let early = json!({ "effectiveTo": "2018-09-01", "endReason": "left" });
    change(early).await.has_fault("/effectiveTo", "ends-before-start");
    change(json!({ "effectiveFrom": "2199-01-01" })).await.has_fault("/effectiveFrom", "in-the-future");
    change(json!({ "learningPath": "third-path" })).await.has_fault("/learningPath", "path-not-offered");
    let ended = change(json!({ "effectiveTo": "2019-06-28", "endReason": "diploma" })).await.is(200).json();
    assert_eq!((&ended["version"], &ended["endReason"]), (&json!(2), &json!("diploma")));
    assert_eq!(school.client.get(&student).await.is(200).json()["learningPath"], Value::Null);

    let before = json!({ "learningPath": "bbl", "effectiveFrom": "2017-09-01", "effectiveTo": "2018-09-01", "endReason": "switched" });
    let earlier = school.client.post(&periods, &before).await.is(201).header("location");
    school.client.post(&periods, &before).await.is_problem(409, "period-overlap");
    let over = json!({ "learningPath": "bbl", "effectiveFrom": "2019-06-27" });
    school.client.post(&periods, &over).await.is_problem(409, "period-overlap");
    school.client.change(&earlier, &json!({ "withdrawn": true })).await.is(200);
    school.client.get(&earlier).await.is(404);
    assert_eq!(history(&school, &periods).await.len(), 1);
}
