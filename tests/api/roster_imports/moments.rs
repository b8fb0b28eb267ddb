//! A roster is of a moment: an older one does not undo a newer one.

use serde_json::json;

use super::{Rosters, counts, roster, upload};

const MONDAY: &str = "takenAt=2019-03-25T02:00:00Z";
const TUESDAY: &str = "takenAt=2019-03-26T02:00:00Z";

#[actix_web::test]
async fn an_older_roster_is_refused_once_a_newer_one_was_applied() {
    let rosters = Rosters::start().await;
    let client = &rosters.school.client;
    let tried = rosters.import(&format!("mode=full&dryRun=true&{TUESDAY}"), &roster("", &["a"], "")).await;
    assert_eq!(tried["takenAt"], "2019-03-26T02:00:00Z");
    assert_eq!(counts(&rosters.import(&format!("mode=full&{MONDAY}"), &roster("", &["a", "b"], "")).await)[0], 2);
    assert_eq!(counts(&rosters.import(&format!("mode=full&{TUESDAY}"), &roster("", &["a", "c"], "")).await)[0], 1);
    let held = rosters.rows();
    for mode in ["full", "delta", "full&dryRun=true"] {
        let old = upload(client, &format!("mode={mode}&{MONDAY}"), "text/csv", roster("", &["b"], "").into()).await;
        assert_eq!(old.json()["appliedTakenAt"], "2019-03-26T02:00:00Z");
        old.is_problem(409, "roster-superseded");
    }
    assert_eq!(rosters.rows(), held);
    let same = rosters.import(&format!("mode=full&{TUESDAY}"), &roster("", &["a", "c"], "")).await;
    assert_eq!(counts(&same), [0, 0, 2, 0, 0], "the same file is no older one");
    let unsaid = rosters.import("mode=full", &roster("", &["a"], "")).await;
    assert_eq!(counts(&unsaid), [0, 0, 1, 1, 0], "what says nothing is of now");
    let late = upload(client, &format!("mode=full&{TUESDAY}"), "text/csv", roster("", &["a"], "").into()).await;
    late.is_problem(409, "roster-superseded");
}

#[actix_web::test]
async fn rosters_of_different_programmes_have_moments_of_their_own() {
    let rosters = Rosters::start().await;
    let client = &rosters.school.client;
    let known = client.get("/v1/qualifications?profession=doctors-assistant").await.is(200);
    let other = json!({
        "code": "ANDERS", "name": "Een andere opleiding", "qualificationId": known.text_at("/items/0/id"),
        "learningPaths": ["bol"], "studyYears": 3,
    });
    client.post("/v1/programmes", &other).await.is(201);
    rosters.import(&format!("mode=full&{TUESDAY}"), &roster("", &["a"], "")).await;
    let send = |scope: &str| {
        let path = format!("/v1/roster-imports?mode=delta&{MONDAY}{scope}");
        let request = client.request(reqwest::Method::POST, &path).header("Content-Type", "text/csv");
        client.send(request.body(roster("", &[], "")))
    };
    send("&scope=ANDERS,PROEF").await.is_problem(409, "roster-superseded");
    send("").await.is_problem(409, "roster-superseded");
    send("&scope=ANDERS").await.is(202);
}

#[actix_web::test]
async fn a_moment_that_has_not_come_is_refused() {
    let rosters = Rosters::start().await;
    let ahead =
        upload(&rosters.school.client, "mode=full&takenAt=2199-01-01T00:00:00Z", "text/csv", b"x".to_vec()).await;
    ahead.has_fault("/takenAt", "in-the-future");
    let none = upload(&rosters.school.client, "mode=full&takenAt=2019-03-25", "text/csv", b"x".to_vec()).await;
    none.is(400);
}

#[actix_web::test]
async fn a_roster_that_is_only_tried_leaves_a_blocked_one_waiting() {
    let rosters = Rosters::start().await;
    rosters.import("mode=full", &roster("", &["a", "b", "c", "d", "e", "f"], "")).await;
    let blocked = rosters.import("mode=full", &roster("", &["a"], "")).await;
    rosters.import("mode=full&dryRun=true", &roster("", &["a", "b"], "")).await;
    let path = format!("/v1/roster-imports/{}", blocked["id"].as_str().unwrap());
    assert_eq!(rosters.school.client.get(&path).await.is(200).json()["status"], "guard-blocked");
}
