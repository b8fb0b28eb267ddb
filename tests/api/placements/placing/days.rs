//! On which days the steps of a placement are taken, and to which they are corrected.

use chrono::NaiveDate;
use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};

use super::super::agreements::{agreed, all_sign, stands_at};
use super::super::{PRACTICE, SCHOOL};
use super::{Scene, moves_because, status};
use crate::support::{Answer, Setting, TestApp, TestClient};

/// The same database on another business day.
async fn on(scene: &Scene, day: &str) -> TestApp {
    let today: NaiveDate = day.parse().unwrap();
    scene.app.beside(Setting { today: Some(today), ..Setting::default() }).await
}

/// A placement of the demo world that was signed on 2019-01-14 and began on its first day, 2019-02-04.
async fn begun(scene: &Scene) -> String {
    let active = scene.practice.get("/v1/placements?status=active&limit=200").await.is(200).items();
    let found = active.iter().find(|placement| placement["startsOn"] == "2019-02-04").unwrap();
    format!("/v1/placements/{}", found["id"].as_str().unwrap())
}

/// The last step in the history.
async fn last(client: &TestClient, path: &str) -> Value {
    client.get(&format!("{path}/transitions")).await.is(200).items().pop().unwrap()
}

/// Corrects the last step.
async fn corrects(client: &TestClient, path: &str, mut right: Value) -> Answer {
    let step = last(client, path).await["id"].as_str().unwrap().to_owned();
    right["note"] = json!("Verkeerd overgenomen");
    client.post(&format!("{path}/transitions/{step}/corrections"), &right).await
}

#[actix_web::test]
async fn a_corrected_start_is_judged_like_the_start() {
    let scene = Scene::start().await;
    let path = begun(&scene).await;
    let wrong = last(&scene.practice, &path).await;
    corrects(&scene.practice, &path, json!({ "effectiveOn": "2019-02-03" }))
        .await
        .has_fault("/effectiveOn", "before-its-start");
    assert_eq!(last(&scene.practice, &path).await["id"], wrong["id"], "it stands as it was");
    corrects(&scene.practice, &path, json!({ "effectiveOn": "2019-02-06" })).await.is(200);
    let right = last(&scene.practice, &path).await;
    assert_eq!((&right["effectiveOn"], &right["supersedesId"]), (&json!("2019-02-06"), &wrong["id"]));
    assert_eq!((&right["from"], &right["to"]), (&json!("ready"), &json!("active")));
    corrects(&scene.practice, &path, json!({ "effectiveOn": "2019-02-03" }))
        .await
        .has_fault("/effectiveOn", "before-its-start");
    corrects(&scene.practice, &path, json!({ "withdrawn": true })).await.is(200);
    assert_eq!(status(&scene.practice, &path).await, "ready");
}

#[actix_web::test]
async fn an_internship_begins_once_everybody_has_signed() {
    let scene = Scene::start().await;
    let (school, practice) = (&scene.ground.school.client, &scene.practice);
    let path = begun(&scene).await;
    let agreement = school.get(&format!("{path}/agreements")).await.is(200).items().remove(0);
    let signatures = agreement["sheets"][0]["signatures"].as_array().unwrap().clone();
    let own = signatures.iter().find(|signature| signature["party"] == "school").unwrap();
    let late = format!("/v1/agreement-signatures/{}/corrections", own["id"].as_str().unwrap());
    let eleventh = json!({ "signedOn": "2019-02-11" });
    school.post_keyed(&late, &eleventh).await.is_problem(409, "signed-after-start");
    corrects(practice, &path, json!({ "effectiveOn": "2019-02-10" })).await.is(200);
    school.post_keyed(&late, &eleventh).await.is_problem(409, "signed-after-start");
    corrects(practice, &path, json!({ "effectiveOn": "2019-02-11" })).await.is(200);
    school.post_keyed(&late, &eleventh).await.is(200);
    let early = json!({ "effectiveOn": "2019-02-10" });
    corrects(practice, &path, early.clone()).await.has_fault("/effectiveOn", "before-its-signatures");

    corrects(practice, &path, json!({ "withdrawn": true })).await.is(200);
    let begins = async |day: &str| {
        practice.post(&format!("{path}/transitions"), &json!({ "to": "active", "effectiveOn": day })).await
    };
    begins("2019-02-03").await.has_fault("/effectiveOn", "before-its-start");
    begins("2019-02-10").await.has_fault("/effectiveOn", "before-its-signatures");
    begins("2019-02-11").await.is(200);

    // What is signed for later days says nothing about the first one.
    let path_of_agreement = format!("{path}/agreements/{}", agreement["id"].as_str().unwrap());
    school.post(&format!("{path_of_agreement}/sheets"), &json!({ "endsOn": "2019-07-12" })).await.is(200);
    let whole = all_sign(&scene, &path_of_agreement).await;
    let newest = whole["sheets"][1]["signatures"].as_array().unwrap().clone();
    let newest = newest.iter().find(|signature| signature["party"] == "school").unwrap();
    let mends = format!("/v1/agreement-signatures/{}/corrections", newest["id"].as_str().unwrap());
    school.post_keyed(&mends, &json!({ "signedOn": "2019-03-18" })).await.is(200);
    corrects(practice, &path, json!({ "effectiveOn": "2019-02-12" })).await.is(200);
    corrects(practice, &path, early).await.has_fault("/effectiveOn", "before-its-signatures");
    corrects(practice, &path, json!({ "effectiveOn": "2019-02-11" })).await.is(200);
}

#[actix_web::test]
async fn what_began_does_not_end_before_its_first_day() {
    let scene = Scene::start().await;
    let school = &scene.ground.school.client;
    let path = scene.placed("days-1", "confirmed").await;
    let ahead = format!(
        "SET session_replication_role = replica; \
         UPDATE placements SET starts_on = '2031-09-01', ends_on = '2032-01-31' WHERE id = '{}'",
        path.rsplit('/').next().unwrap()
    );
    scene.app.database.owner().batch_execute(&ahead).unwrap();
    for state in ["active", "interrupted"] {
        stands_at(&scene, &path, state);
        let early = moves_because(school, &path, "ended-early", Some("student-stopped")).await;
        early.has_fault("/effectiveOn", "before-its-start");
    }
    stands_at(&scene, &path, "active");
    moves_because(school, &path, "completed", None).await.has_fault("/effectiveOn", "before-its-start");
    let later = on(&scene, "2031-09-01").await;
    moves_because(&later.client(SCHOOL).await, &path, "completed", None).await.is(200);
}

#[actix_web::test]
async fn a_correction_moves_the_end_and_what_follows_from_it() {
    let scene = Scene::start().await;
    let (path, agreement) = agreed(&scene, "days-2").await;
    all_sign(&scene, &agreement).await;
    stands_at(&scene, &path, "active");
    let later = on(&scene, "2031-03-31").await;
    let (school, practice) = (later.client(SCHOOL).await, later.client(PRACTICE).await);
    let ends = json!({ "to": "ended-early", "effectiveOn": "2031-03-10", "reasonCode": "student-stopped" });
    let ended = school.post(&format!("{path}/transitions"), &ends).await.is(200);
    assert_eq!(ended.text_at("/ended/on"), "2031-03-10");
    assert_eq!(school.get(&agreement).await.is(200).text_at("/endedOn"), "2031-03-10");
    practice.get(&format!("{path}/student")).await.is(200);
    let wrong = last(&school, &path).await;

    for day in ["2031-04-01", "2018-09-04"] {
        let out_of_order = corrects(&school, &path, json!({ "effectiveOn": day })).await;
        out_of_order.has_fault("/effectiveOn", "effective-on-out-of-order");
    }
    corrects(&practice, &path, json!({ "effectiveOn": "2031-02-20" }))
        .await
        .is_problem(403, "not-permitted-on-resource");
    let moved = corrects(&school, &path, json!({ "effectiveOn": "2031-02-20" })).await.is(200);
    assert_eq!((moved.text_at("/status").as_str(), moved.text_at("/ended/on").as_str()), ("ended-early", "2031-02-20"));
    assert_eq!(moved.text_at("/ended/reasonCode"), "student-stopped", "why stays as it was");
    assert_eq!(moved.json()["version"].as_i64(), ended.json()["version"].as_i64().map(|version| version + 1));
    assert_eq!(moved.text_at("/disclosed/until"), "2031-03-22", "thirty days after it");
    practice.get(&format!("{path}/student")).await.is_problem(404, "not-found");
    let followed = school.get(&agreement).await.is(200);
    assert_eq!(
        (followed.text_at("/endedOn").as_str(), followed.text_at("/endReason").as_str()),
        ("2031-02-20", "placement-ended")
    );
    assert_eq!(scene.taken(&school).await, 0);

    let right = last(&school, &path).await;
    assert_eq!((&right["supersedesId"], &right["supersededAt"]), (&wrong["id"], &Value::Null));
    assert_eq!((&right["effectiveOn"], &right["note"]), (&json!("2031-02-20"), &json!("Verkeerd overgenomen")));
    let steps = school.get(&format!("{path}/transitions")).await.is(200).items();
    let kept = steps.iter().find(|step| step["id"] == wrong["id"]).unwrap();
    assert_eq!(kept["effectiveOn"], "2031-03-10");
    assert!(kept["supersededAt"].is_string(), "the wrong one stays on record");

    let back = corrects(&school, &path, json!({ "withdrawn": true })).await.is(200);
    assert_eq!((back.text_at("/status").as_str(), &back.json()["ended"]), ("active", &Value::Null));
    assert_eq!(school.get(&agreement).await.is(200).json()["endedOn"], Value::Null, "and it stands again");
}
