//! Reads of personal data: each leaves a row of who saw whom, or does not happen.

use diesel::connection::SimpleConnection as _;
use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, sql_query};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::TestApp;

const BUREAU: &str = "demo-regio-midden-brabant";
const PRACTICE: &str = "demo-praktijk-eerste-eik";
const SCHOOL: &str = "demo-school-roc-tilburg";

#[derive(QueryableByName)]
struct Access {
    #[diesel(sql_type = Text)]
    operation: String,
    #[diesel(sql_type = SqlUuid)]
    organisation_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    client_id: Uuid,
    #[diesel(sql_type = Array<SqlUuid>)]
    subject_ids: Vec<Uuid>,
}

fn accesses(app: &TestApp) -> Vec<Access> {
    let mut owner = PgConnection::establish(&app.database.owner_url).unwrap();
    sql_query("SELECT operation, organisation_id, client_id, subject_ids FROM access_events ORDER BY id")
        .load(&mut owner)
        .unwrap()
}

/// The path of every GET that the contract marks and a client may ask, with its `operationId`;
/// `assignments` is the collection of a region, `id` one in it.
async fn marked(app: &TestApp, key: &str, assignments: &str, id: &str) -> Vec<(String, String)> {
    let contract = app.anyone().get("/v1/openapi.json").await.is(200).json();
    let client = app.client(key).await;
    let scopes = client.get("/v1/me").await.is(200).json()["scopes"].clone();
    let first = |page: &Value| page["items"][0]["id"].as_str().unwrap_or_default().to_owned();
    let students = client.get("/v1/students?limit=1").await.json();
    let requests = client.get("/v1/placement-requests?limit=1&status=open").await.json();
    let placements = client.get("/v1/placements?limit=1&status=active").await.json();
    let offers = client.get("/v1/placement-offers?limit=1&status=published").await.json();
    let mentors = client.get("/v1/mentors?limit=1").await.json();
    let mut marked = Vec::new();
    for (template, item) in contract["paths"].as_object().unwrap() {
        let scope = &item["get"]["security"][0]["bearer"][0];
        if item["get"]["x-personal-data"] == true && scopes.as_array().unwrap().contains(scope) {
            let region = assignments.split('/').nth(3).unwrap();
            let path = template.replace("{regionId}", region).replace("{contactAssignmentId}", id);
            let path =
                path.replace("{studentId}", &first(&students)).replace("{placementRequestId}", &first(&requests));
            let path =
                path.replace("{placementId}", &first(&placements)).replace("{placementOfferId}", &first(&offers));
            if path.contains("{mentorId}") && first(&mentors).is_empty() {
                continue;
            }
            let path = path.replace("{mentorId}", &first(&mentors));
            assert!(!path.contains('{'), "{template}: this test does not know what to read there");
            marked.push((format!("/v1{path}"), item["get"]["operationId"].as_str().unwrap().to_owned()));
        }
    }
    marked
}

#[actix_web::test]
async fn every_read_of_personal_data_leaves_a_row() {
    let app = TestApp::start_in_2019().await;
    for key in [BUREAU, PRACTICE, SCHOOL] {
        let client = app.client(key).await;
        let region = client.get("/v1/me").await.is(200).text_at("/regions/0/id");
        let assignments = format!("/v1/regions/{region}/contact-assignments");
        let shown = client.get(&assignments).await.is(200).items();
        let id = shown[0]["id"].as_str().unwrap().to_owned();
        let organisation = app.organisation_of(key).await;
        let marked = marked(&app, key, &assignments, &id).await;
        assert!(marked.len() >= 2, "{marked:?}");
        for (path, operation) in marked {
            let before = accesses(&app).len();
            let answer = client.get(&path).await.is(200);
            let rows = accesses(&app);
            assert_eq!(rows.len(), before + 1, "{operation} by {key}");
            let row = rows.last().unwrap();
            assert_eq!(row.operation, operation);
            assert_eq!(row.organisation_id.to_string(), organisation);
            assert_eq!(row.client_id.to_string(), crate::support::Cluster::shared().client_id(key));
            let items = answer.json()["items"].as_array().cloned().unwrap_or_else(|| vec![answer.json()]);
            let seen: Vec<&str> =
                items.iter().map(|item| item["studentId"].as_str().or(item["id"].as_str()).unwrap()).collect();
            let recorded: Vec<String> = row.subject_ids.iter().map(Uuid::to_string).collect();
            assert_eq!(recorded, seen, "{operation} by {key}: whom the answer shows, nobody else");
        }
        // A page names those on it; what is not there leaves nothing.
        client.get(&format!("{assignments}?limit=1")).await.is(200);
        assert_eq!(accesses(&app).last().unwrap().subject_ids.len(), 1);
        let before = accesses(&app).len();
        client.get(&format!("{assignments}/{}", Uuid::now_v7())).await.is(404);
        assert_eq!(accesses(&app).len(), before);
    }
}

#[actix_web::test]
async fn a_correction_that_shows_a_contact_person_leaves_a_row() {
    let app = TestApp::start().await;
    let bureau = app.client(BUREAU).await;
    let region = bureau.get("/v1/me").await.is(200).text_at("/regions/0/id");
    let assignments = format!("/v1/regions/{region}/contact-assignments");
    let id = bureau.get(&assignments).await.is(200).text_at("/items/0/id");
    for change in [json!({ "contactPhone": null }), json!({ "withdrawn": true })] {
        bureau.change(&format!("{assignments}/{id}"), &change).await.is(200);
        let row = accesses(&app).pop().unwrap();
        assert_eq!(row.operation, "update_contact_assignment", "{change}");
        assert_eq!(row.subject_ids, [id.parse::<Uuid>().unwrap()]);
    }
    let before = accesses(&app).len();
    let (path, nothing) = (format!("{assignments}/{id}"), json!({}));
    bureau.patch(&path, "\"1-x\"", &nothing).await.is(404);
    assert_eq!(accesses(&app).len(), before, "what was not shown leaves nothing");
}

#[actix_web::test]
async fn what_cannot_be_recorded_is_not_shown() {
    for loss in
        ["DROP POLICY access_events_insert ON access_events", "REVOKE INSERT ON access_events FROM stagepunt_app"]
    {
        let app = TestApp::start_in_2019().await;
        let client = app.client(BUREAU).await;
        let region = client.get("/v1/me").await.is(200).text_at("/regions/0/id");
        let assignments = format!("/v1/regions/{region}/contact-assignments");
        let id = client.get(&assignments).await.is(200).text_at("/items/0/id");
        let before = accesses(&app).len();
        PgConnection::establish(&app.database.owner_url).unwrap().batch_execute(loss).unwrap();
        for (path, operation) in marked(&app, BUREAU, &assignments, &id).await {
            let answer = client.get(&path).await.is_problem(503, "access-not-recorded");
            let body = String::from_utf8(answer.body).unwrap();
            assert!(
                !body.contains("Contactpersoon") && !body.contains("Voorbeeld") && !body.contains("example.org"),
                "{operation}: {body}"
            );
        }
        assert_eq!(accesses(&app).len(), before, "{loss}");
        client.get("/v1/organisations").await.is(200);
    }
}
