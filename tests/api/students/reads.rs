//! Who sees whom, and what is left behind.

use serde_json::{Value, json};

use super::{BUREAU, FUNDER, OTHER_SCHOOL, PLATFORM, PRACTICE, SCHOOL, School, owner_reads};
use crate::support::{Answer, Cluster, TestApp, as_client, texts};

fn ids(answer: &Answer) -> Vec<String> {
    answer.items().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn a_school_lists_and_finds_its_students() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    let cohort = json!({ "schoolYear": "2018-2019", "form": "shortened" });
    let one = school.enter("een", json!({ "cohort": cohort, "studyYear": 1, "learningPath": "bol" })).await;
    let email =
        json!({ "studyYear": 2, "learningPath": "bbl", "schoolEmail": "Honderd@example.org", "prefix": "van 100%" });
    let two = school.enter("twee", email).await;
    let of = |query: &str| format!("/v1/students?programmeId={}&{query}", school.programme);
    for (query, expected) in [
        ("limit=200", vec![&one, &two]),
        ("studyYear=2", vec![&two]),
        ("learningPath=bol", vec![&one]),
        ("active=false", vec![]),
        (&*format!("cohortId={}", school.cohort), vec![&one]),
    ] {
        let found = ids(&school.client.get(&of(query)).await.is(200));
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    let page = school.client.get(&of("limit=1")).await.is(200);
    let next = school.client.get(&of(&format!("limit=1&cursor={}", page.text_at("/nextCursor")))).await.is(200);
    assert_eq!((ids(&page), ids(&next)), (vec![one.clone()], vec![two.clone()]));
    school.client.get(&of("surname=x")).await.is(400);

    for (search, expected) in [
        (json!({ "sourcedId": "een" }), vec![&one]),
        (json!({ "schoolEmail": "hONDERD@example.org" }), vec![&two]),
        (json!({ "name": "voorbeeld VAN 100% hond" }), vec![&two]),
        (json!({ "name": "voorbeeld van 100_ hond" }), vec![]),
        (json!({ "name": "honderd", "sourcedId": "een" }), vec![&one]),
    ] {
        let found = ids(&school.client.post("/v1/students/_search", &search).await.is(200));
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{search}");
    }
    school.client.post("/v1/students/_search", &json!({})).await.is_problem(400, "criteria-missing");
}

#[actix_web::test]
async fn names_come_by_id_for_those_one_may_see() {
    let app = TestApp::start().await;
    let (school, other) = (School::of(&app, SCHOOL).await, School::of(&app, OTHER_SCHOOL).await);
    let own = school.enter("eigen", json!({ "prefix": "van den" })).await;
    let foreign = other.enter("vreemd", json!({})).await;
    let asked = json!({ "studentIds": [foreign, own, own, uuid::Uuid::now_v7()] });
    let shown = school.client.post("/v1/students/_identities", &asked).await.is(200).json();
    let expected = json!([{
        "id": own, "givenName": "Voorbeeld", "prefix": "van den", "familyName": "Honderd", "schoolEmail": null,
    }]);
    assert_eq!(shown["items"], expected, "unknown and foreign ones are missing without a word");
    let subjects =
        owner_reads(&app, "SELECT array_to_string(subject_ids, ',') AS value FROM access_events ORDER BY id");
    assert_eq!(subjects.last(), Some(&own));
    school.client.post("/v1/students/_identities", &json!({ "studentIds": [] })).await.is(400);
    let many: Vec<Value> = (0..201).map(|_| json!(uuid::Uuid::now_v7())).collect();
    let too_many = school.client.post("/v1/students/_identities", &json!({ "studentIds": many })).await;
    too_many.has_fault("/studentIds", "too-many");
}

#[actix_web::test]
async fn every_look_leaves_a_row() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    let id = school.enter("x", json!({})).await;
    let looks = || owner_reads(&app, "SELECT operation AS value FROM access_events ORDER BY id");
    let before = looks().len();
    school.client.get(&format!("/v1/students/{id}")).await.is(200);
    school.client.get("/v1/students?limit=1").await.is(200);
    school.client.get("/v1/students?updatedSince=2000-01-01T00:00:00Z").await.is(200);
    school.client.post("/v1/students/_search", &json!({ "sourcedId": "x" })).await.is(200);
    school.client.post("/v1/students/_identities", &json!({ "studentIds": [id] })).await.is(200);
    let expected = ["get_student", "list_students", "list_students", "search_students", "show_student_identities"];
    assert_eq!(looks()[before..], expected);
}

#[actix_web::test]
async fn others_see_nobody() {
    let app = TestApp::start().await;
    let (school, other) = (School::of(&app, SCHOOL).await, app.client(OTHER_SCHOOL).await);
    let id = school.enter("x", json!({ "learningPath": "bol" })).await;
    let path = format!("/v1/students/{id}");
    other.get(&path).await.is_problem(404, "not-found");
    other.get(&format!("{path}/learning-path-periods")).await.is_problem(404, "not-found");
    other.patch(&path, "\"1-x\"", &json!({ "studyYear": 2 })).await.is_problem(404, "not-found");
    assert!(!ids(&other.get("/v1/students?limit=200").await.is(200)).contains(&id));
    let asked = json!({ "studentIds": [id] });
    for key in [PRACTICE, FUNDER, PLATFORM, BUREAU] {
        let client = app.client(key).await;
        client.get(&path).await.is_problem(403, "scope-missing");
        client.get("/v1/students").await.is_problem(403, "scope-missing");
        let names = client.post("/v1/students/_identities", &asked).await;
        if [BUREAU, PRACTICE].contains(&key) {
            assert!(names.is(200).items().is_empty(), "nobody asked the bureau for a seat, or showed the host a name");
        } else {
            names.is_problem(403, "scope-missing");
        }
        let mut conn = as_client(&app.database, key);
        for (table, column) in
            [("students", "id"), ("student_identities", "student_id"), ("learning_path_periods", "student_id")]
        {
            let seen = format!("SELECT '{table}' AS value FROM {table} WHERE {column} = '{id}'");
            assert!(texts(&mut conn, &seen).is_empty(), "{key} sees rows of {table}");
        }
    }
}

#[actix_web::test]
async fn a_sync_tells_each_change_once_names_and_paths_too() {
    let app = TestApp::start().await;
    let school = School::of(&app, SCHOOL).await;
    let id = school.enter("x", json!({ "learningPath": "bol" })).await;
    let sync = async |since: &str| {
        Cluster::shared().settle();
        school.client.get(&format!("/v1/students?limit=200&updatedSince={since}")).await.is(200)
    };
    let all = sync("2000-01-01T00:00:00Z").await;
    assert!(ids(&all).contains(&id));
    let mut token = all.text_at("/nextUpdatedSince");
    assert!(sync(&token).await.items().is_empty());
    school.put("x", json!({})).await.is(200);
    assert!(sync(&token).await.items().is_empty(), "what did not change is not told");
    let path = format!("/v1/students/{id}");
    for change in ["name", "year", "path"] {
        match change {
            "name" => school.put("x", json!({ "familyName": "Honderdtwee" })).await.is(200),
            "year" => school.client.change(&path, &json!({ "studyYear": 2 })).await.is(200),
            _ => {
                let periods = format!("{path}/learning-path-periods");
                let period = school.client.get(&periods).await.is(200).text_at("/items/0/id");
                let body = json!({ "accelerated": true });
                school.client.change(&format!("{periods}/{period}"), &body).await.is(200)
            }
        };
        let news = sync(&token).await;
        assert_eq!(ids(&news), [id.as_str()], "{change}");
        assert_eq!(news.items()[0], school.client.get(&path).await.is(200).json(), "{change}");
        token = news.text_at("/nextUpdatedSince");
    }
}
