//! Classes of a school's own system, and the programmes they belong to.

use serde_json::json;

use super::{NEIGHBOUR, Rosters, counts, zipped};

#[actix_web::test]
async fn a_class_belongs_to_one_programme_of_its_own_school() {
    let rosters = Rosters::start().await;
    let client = &rosters.school.client;
    let class = json!({ "classSourcedId": "klas-1a", "programmeId": rosters.school.programme });
    let made = client.post("/v1/roster-class-mappings", &class).await.is(201);
    client.post("/v1/roster-class-mappings", &class).await.is_problem(409, "already-recorded");
    let foreign = rosters.app.client(NEIGHBOUR).await;
    foreign.post("/v1/roster-class-mappings", &class).await.has_fault("/programmeId", "unknown-reference");
    let path = made.header("location");
    foreign.get(&path).await.is_problem(404, "not-found");
    assert_eq!(client.get("/v1/roster-class-mappings").await.is(200).items().len(), 1);
    let changed = client.change(&path, &json!({ "programmeId": rosters.school.programme })).await.is(200);
    assert_eq!(changed.json()["version"], 2);
    client.delete(&path, &changed.header("etag")).await.is(204);
    client.get(&path).await.is_problem(404, "not-found");
}

#[actix_web::test]
async fn a_mapped_class_brings_its_students_along() {
    let rosters = Rosters::start().await;
    let class = json!({ "classSourcedId": "klas-1a", "programmeId": rosters.school.programme });
    rosters.school.client.post("/v1/roster-class-mappings", &class).await.is(201);
    let zip = zipped(&[
        ("manifest.csv", "propertyName,value\nfile.users,delta\nfile.classes,bulk\nfile.enrollments,bulk\n"),
        ("classes.csv", "sourcedId,classCode\nklas-1a,1A\nklas-1b,1B\n"),
        ("enrollments.csv", "classSourcedId,userSourcedId,role\nklas-1a,a,student\nklas-1b,b,student\n"),
        ("users.csv", "sourcedId,status,givenName,familyName\na,active,Voorbeeld,Student\nb,active,Iemand,Anders\n"),
    ]);
    let done = rosters.import_as("mode=delta", "application/zip", zip.clone()).await;
    assert_eq!((counts(&done), &done["progress"]["skipped"]), ([1, 0, 0, 0, 0], &json!(1)), "{done}");
    assert_eq!(rosters.students(), ["a active 1"]);
    let full = rosters.import_as("mode=full", "application/zip", zip).await;
    assert_eq!(full["failure"]["code"], "manifest-mismatch", "a delta cannot stand for everybody");
}
