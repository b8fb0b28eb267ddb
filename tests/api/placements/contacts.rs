//! The one fixed contact person at the bureau, of a student.

use serde_json::{Value, json};

use super::{Ground, OTHER_SCHOOL, PRACTICE};
use crate::support::{Answer, TestApp};

fn whom(answer: &Answer) -> Vec<Value> {
    answer.items().iter().map(|item| item["studentId"].clone()).collect()
}

#[actix_web::test]
async fn a_student_who_is_asked_for_has_one_fixed_contact_person() {
    let app = TestApp::start().await;
    let ground = Ground::of(&app).await;
    let student = ground.student("contact-1", json!({})).await;
    let path = format!("/v1/regions/{}/contact-assignments", ground.region);
    let body =
        json!({ "studentId": student, "contactName": "Demo Contactpersoon Vier", "effectiveFrom": "2018-09-01" });
    ground.bureau.post(&path, &body).await.has_fault("/studentId", "unknown-reference");

    let request = ground.ask(&student, json!({})).await.is(201).header("location");
    let made = ground.bureau.post(&path, &body).await.is(201);
    assert_eq!(
        (made.text_at("/studentId"), made.text_at("/organisation/id")),
        (student.clone(), ground.school.id.clone())
    );
    ground.bureau.post(&path, &body).await.is_problem(409, "contact-assignment-overlap");
    let mut both = body.clone();
    both["organisationId"] = json!(ground.school.id);
    ground.bureau.post(&path, &both).await.has_fault("/studentId", "organisation-or-student");
    both["studentId"] = Value::Null;
    both["organisationId"] = Value::Null;
    ground.bureau.post(&path, &both).await.has_fault("/organisationId", "organisation-or-student");

    let fact = made.header("location");
    let of_student = format!("{path}?studentId={student}");
    for sees in [&ground.bureau, &ground.school.client] {
        sees.get(&fact).await.is(200);
        assert_eq!(whom(&sees.get(&of_student).await.is(200)), [json!(student)]);
        let of_school = format!("{path}?limit=200&organisationId={}", ground.school.id);
        let of_school = whom(&sees.get(&of_school).await.is(200));
        assert!(!of_school.is_empty() && of_school.iter().all(Value::is_null), "the school's own");
    }
    for stranger in [OTHER_SCHOOL, PRACTICE] {
        let stranger = app.client(stranger).await;
        stranger.get(&fact).await.is_problem(404, "not-found");
        assert!(whom(&stranger.get(&of_student).await.is(200)).is_empty());
    }

    // Out of the bureau's sight, the assignment can still be ended.
    ground.move_as(&ground.school.client, &request, "withdrawn").await.is(200);
    let ended = ground.bureau.change(&fact, &json!({ "effectiveTo": "2019-09-01" })).await.is(200);
    assert_eq!((&ended.json()["version"], ended.text_at("/studentId")), (&json!(2), student));
    let mut later = body;
    later["effectiveFrom"] = json!("2019-09-01");
    ground.bureau.post(&path, &later).await.has_fault("/studentId", "unknown-reference");
}
