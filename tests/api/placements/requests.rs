//! Requests: asked by a school, seen by the bureau, and through them the student.

use serde_json::{Value, json};

use super::{BUREAU, FUNDER, Ground, OTHER_BUREAU, OTHER_SCHOOL, PRACTICE, SCHOOL, follow_placement};
use crate::students::{School, owner_reads};
use crate::support::{Answer, Cluster, TestApp};

fn ids(answer: &Answer) -> Vec<String> {
    answer.items().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn a_school_asks_with_wishes_and_changes_them() {
    let app = TestApp::start().await;
    let ground = Ground::of(&app).await;
    let student = ground.student("x", json!({})).await;
    let practice = app.organisation_of(PRACTICE).await;
    let wishes = json!([{ "practiceId": practice }, { "text": "Dicht bij een station" }]);
    let made = ground.ask(&student, json!({ "wishes": wishes })).await.is(201);
    let request = made.header("location");
    let first = made.json();
    assert_eq!(
        (&first["status"], &first["priority"], &first["since"]),
        (&json!("open"), &Value::Null, &first["createdAt"])
    );
    assert_eq!((&first["studentId"], &first["school"]["id"]), (&json!(student), &json!(ground.school.id)));
    assert_eq!(first["allowedTransitions"], json!(["withdrawn"]));
    assert_eq!(first["wishes"][0]["practice"]["id"], json!(practice));
    assert_eq!(first["wishes"][1], json!({ "practice": null, "text": "Dicht bij een station" }));
    assert!(!String::from_utf8(made.body).unwrap().contains("Honderd"), "a request names nobody");

    let change = json!({ "endsOn": "2032-02-28", "wishes": [{ "text": "In de stad", "practiceId": practice }] });
    let changed = ground.school.client.change(&request, &change).await.is(200).json();
    assert_eq!((&changed["version"], &changed["endsOn"]), (&json!(2), &json!("2032-02-28")));
    assert_eq!(changed["wishes"].as_array().unwrap().len(), 1);
    let mut seen = ground.bureau.get(&request).await.is(200).json();
    assert_eq!(seen["allowedTransitions"], json!(["lapsed"]));
    seen["allowedTransitions"] = changed["allowedTransitions"].clone();
    assert_eq!(seen, changed);
    let of = format!("/v1/placement-requests?studentId={student}&status=open");
    assert_eq!(ids(&ground.school.client.get(&of).await.is(200)), [first["id"].as_str().unwrap()]);
}

#[actix_web::test]
async fn what_may_not_be_asked_is_refused() {
    let app = TestApp::start().await;
    let ground = Ground::of(&app).await;
    let student = ground.student("x", json!({})).await;
    let elsewhere = School::of(&app, OTHER_SCHOOL).await.enter("y", json!({})).await;
    let region = app.client(OTHER_BUREAU).await.get("/v1/me").await.is(200).text_at("/regions/0/id");
    ground.ask(&elsewhere, json!({})).await.has_fault("/studentId", "unknown-reference");
    ground.ask(&student, json!({ "regionId": region })).await.has_fault("/regionId", "not-a-member");
    ground.ask(&student, json!({ "regionId": student })).await.has_fault("/regionId", "not-a-member");
    ground.ask(&student, json!({ "endsOn": "2031-08-31" })).await.has_fault("/endsOn", "ends-before-start");
    ground.ask(&student, json!({ "wishes": [{}] })).await.has_fault("/wishes/0", "empty-wish");
    let bsn = json!({ "wishes": [{ "text": "voor 111222333" }] });
    ground.ask(&student, bsn).await.has_fault("/wishes/0/text", "bsn-like");
    ground.ask(&student, json!({ "priority": "final-year" })).await.has_fault("/priority", "read-only");
    let body = ground.body(&student, &json!({}));
    ground.bureau.post("/v1/placement-requests", &body).await.is_problem(403, "scope-missing");

    ground.ask(&student, json!({})).await.is(201);
    ground
        .ask(&student, json!({ "startsOn": "2032-01-31", "endsOn": "2032-06-30" }))
        .await
        .is_problem(409, "request-overlap");
    ground.ask(&student, json!({ "startsOn": "2032-02-01", "endsOn": "2032-06-30" })).await.is(201);
    let left = ground.student("z", json!({})).await;
    ground.school.client.change(&format!("/v1/students/{left}"), &json!({ "active": false })).await.is(200);
    ground.ask(&left, json!({})).await.is_problem(409, "student-inactive");
}

#[actix_web::test]
async fn the_bureau_sees_who_it_is_while_the_request_is_open() {
    let app = TestApp::start().await;
    let ground = Ground::of(&app).await;
    let student = ground
        .student("x", json!({ "learningPath": "bol", "cohort": { "schoolYear": "2018-2019", "form": "shortened" } }))
        .await;
    let unasked = ground.student("y", json!({})).await;
    let names = json!({ "studentIds": [student, unasked] });
    let shown = async || ids(&ground.bureau.post("/v1/students/_identities", &names).await.is(200));
    assert!(shown().await.is_empty());
    let request = ground.ask(&student, json!({})).await.is(201).header("location");
    assert_eq!(shown().await, [student.as_str()]);
    let whole = ground.bureau.get(&format!("{request}/student")).await.is(200);
    let own = ground.school.client.get(&format!("/v1/students/{student}")).await.is(200);
    assert_eq!((whole.json(), whole.header("etag")), (own.json(), own.header("etag")));
    let last =
        "SELECT operation || ' ' || array_to_string(subject_ids, ',') AS value FROM access_events ORDER BY id DESC";
    assert_eq!(owner_reads(&app, last)[1], format!("get_student_of_placement_request {student}"));
    app.client(OTHER_BUREAU).await.get(&request).await.is_problem(404, "not-found");
    app.client(OTHER_BUREAU).await.get(&format!("{request}/student")).await.is_problem(404, "not-found");
    let foreign = app.client(OTHER_BUREAU).await.post("/v1/students/_identities", &names).await.is(200);
    assert!(ids(&foreign).is_empty());
    for key in [PRACTICE, FUNDER] {
        app.client(key).await.get(&request).await.is_problem(403, "scope-missing");
    }

    ground.move_as(&ground.school.client, &request, "withdrawn").await.is(200);
    assert!(shown().await.is_empty(), "who no longer waits is no longer shown");
    ground.bureau.get(&format!("{request}/student")).await.is_problem(404, "not-found");
    ground.bureau.get(&request).await.is(200);
    ground.school.client.get(&format!("{request}/student")).await.is(200);
}

#[actix_web::test]
async fn a_placed_request_that_opens_again_has_its_place_back() {
    let app = TestApp::start().await;
    let ground = Ground::of(&app).await;
    let student = ground.student("x", json!({})).await;
    let made = ground.ask(&student, json!({})).await.is(201);
    let request = made.header("location");
    for client in [&ground.school.client, &ground.bureau] {
        ground.move_as(client, &request, "placed").await.is_problem(409, "invalid-transition");
    }
    follow_placement(&app, &request, "open", "placed");
    for client in [&ground.school.client, &ground.bureau] {
        let placed = client.get(&request).await.is(200).json();
        assert_eq!((&placed["status"], &placed["allowedTransitions"]), (&json!("placed"), &json!([])));
        let refused = ground.move_as(client, &request, "open").await.is_problem(409, "invalid-transition");
        assert_eq!(refused.json()["currentStatus"], json!("placed"));
    }
    ground.move_as(&ground.school.client, &request, "withdrawn").await.is_problem(409, "invalid-transition");
    ground.school.client.change(&request, &json!({ "endsOn": "2032-02-28" })).await.is_problem(409, "request-not-open");
    follow_placement(&app, &request, "placed", "open");
    let again = ground.school.client.get(&request).await.is(200).json();
    assert_eq!((&again["since"], &again["allowedTransitions"]), (&made.json()["since"], &json!(["withdrawn"])));
    let without = json!({ "to": "withdrawn" });
    let refused = ground.school.client.post(&format!("{request}/transitions"), &without).await;
    refused.has_fault("/reasonCode", "reason-required");
    ground.move_as(&ground.bureau, &request, "lapsed").await.is(200);
    let history = ground.school.client.get(&format!("{request}/transitions")).await.is(200);
    let steps: Vec<_> = history.items().iter().map(|step| step["to"].as_str().unwrap().to_owned()).collect();
    assert_eq!(steps, ["open", "placed", "open", "lapsed"]);
    let last = history.text_at("/items/3/id");
    let back = json!({ "withdrawn": true, "note": "Per abuis" });
    let path = format!("{request}/transitions/{last}/corrections");
    let mended = ground.bureau.post(&path, &back).await.is(200);
    assert_eq!(mended.text_at("/status"), "open");
}

#[actix_web::test]
async fn neither_side_takes_back_what_the_other_did() {
    let app = TestApp::start().await;
    let ground = Ground::of(&app).await;
    let student = ground.student("x", json!({})).await;
    let request = ground.ask(&student, json!({})).await.is(201).header("location");
    ground.move_as(&ground.school.client, &request, "withdrawn").await.is(200);
    let history = ground.bureau.get(&format!("{request}/transitions")).await.is(200);
    let path = format!("{request}/transitions/{}/corrections", history.text_at("/items/1/id"));
    let back = json!({ "withdrawn": true, "note": "Toch niet" });
    ground.bureau.post(&path, &back).await.is_problem(403, "not-permitted-on-resource");
    ground.bureau.get(&format!("{request}/student")).await.is_problem(404, "not-found");
    assert_eq!(ground.school.client.post(&path, &back).await.is(200).text_at("/status"), "open");
}

#[actix_web::test]
async fn only_hosts_of_the_region_are_wished_for() {
    let app = TestApp::start().await;
    let ground = Ground::of(&app).await;
    let student = ground.student("x", json!({})).await;
    let host = json!({ "practiceId": app.organisation_of(PRACTICE).await });
    let elsewhere = json!({ "practiceId": app.organisation_of("demo-praktijk-van-gent").await });
    let (school, nobody) = (json!({ "practiceId": ground.school.id }), json!({ "practiceId": student }));
    for stranger in [elsewhere, school, nobody] {
        let wishes = json!({ "wishes": [host, { "text": "In de stad" }, stranger] });
        ground.ask(&student, wishes).await.has_fault("/wishes/2/practiceId", "not-a-host");
    }
    let request = ground.ask(&student, json!({ "wishes": [host] })).await.is(201).header("location");
    let change = async |wishes: Value| ground.school.client.change(&request, &json!({ "wishes": wishes })).await;
    change(json!([{ "practiceId": ground.school.id }])).await.has_fault("/wishes/0/practiceId", "not-a-host");
    change(json!([host, host])).await.is(200);
    let path = format!("/v1/regions/{}/memberships", ground.region);
    let query = format!("{path}?organisationId={}", host["practiceId"].as_str().unwrap());
    let membership = ground.bureau.get(&query).await.is(200).text_at("/items/0/id");
    ground.bureau.change(&format!("{path}/{membership}"), &json!({ "effectiveTo": "2019-06-01" })).await.is(200);
    change(json!([host])).await.has_fault("/wishes/0/practiceId", "not-a-host");
    change(json!([])).await.is(200);
}

#[actix_web::test]
async fn a_step_says_no_more_than_its_reasons() {
    let app = TestApp::start().await;
    let ground = Ground::of(&app).await;
    let student = ground.student("x", json!({})).await;
    let request = ground.ask(&student, json!({})).await.is(201).header("location");
    let path = format!("{request}/transitions");
    let told = |more: Value| {
        let mut body = json!({ "to": "lapsed" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let free = told(json!({ "reasonCode": "voorbeeld-een-is-gestopt" }));
    ground.bureau.post(&path, &free).await.has_fault("/reasonCode", "reason-not-expected");
    let long = told(json!({ "reasonCode": "x".repeat(65) }));
    ground.bureau.post(&path, &long).await.has_fault("/reasonCode", "too-long");
    let bsn = told(json!({ "note": "Nummer 111222333" }));
    ground.bureau.post(&path, &bsn).await.has_fault("/note", "bsn-like");
}

#[actix_web::test]
async fn a_sync_tells_school_and_bureau() {
    let app = TestApp::start().await;
    let ground = Ground::of(&app).await;
    let student = ground.student("x", json!({})).await;
    let sync = async |since: &str, own: bool| {
        Cluster::shared().settle();
        let client = if own { &ground.school.client } else { &ground.bureau };
        client.get(&format!("/v1/placement-requests?limit=200&updatedSince={since}")).await.is(200)
    };
    let mut token = sync("2000-01-01T00:00:00Z", false).await.text_at("/nextUpdatedSince");
    let made = ground.ask(&student, json!({})).await.is(201);
    let (request, id) = (made.header("location"), made.text_at("/id"));
    for step in ["asked", "wished", "ranked", "lapsed"] {
        match step {
            "asked" => made.clone(),
            "wished" => {
                ground.school.client.change(&request, &json!({ "wishes": [{ "text": "In de stad" }] })).await.is(200)
            }
            "ranked" => ground.rank(&request, &json!({ "priority": "final-year" })).await.is(200),
            _ => ground.move_as(&ground.bureau, &request, "lapsed").await.is(200),
        };
        let news = sync(&token, false).await;
        assert_eq!(ids(&news), [id.as_str()], "{step}");
        assert_eq!(ids(&sync(&token, true).await), [id.as_str()], "{step}");
        token = news.text_at("/nextUpdatedSince");
        assert!(sync(&token, false).await.items().is_empty(), "{step}");
    }
    assert_eq!(app.organisation_of(SCHOOL).await, ground.school.id);
    assert_ne!(app.organisation_of(BUREAU).await, ground.school.id);
}
