//! A school that would lose many of its students is asked first.

use serde_json::json;

use super::{Rosters, counts, ended, roster};

const SIX: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

#[actix_web::test]
async fn a_large_loss_waits_for_a_confirmation() {
    let rosters = Rosters::start().await;
    rosters.import("mode=full", &roster("", &SIX, "")).await;
    let before = rosters.students();
    let half = rosters.import("mode=full&dryRun=true", &roster("", &SIX[..3], "")).await;
    assert_eq!((half["status"].clone(), half["guard"].clone()), (json!("done"), json!([])));
    let blocked = rosters.import("mode=full", &roster("", &["a", "g"], "")).await;
    assert_eq!(blocked["status"], "guard-blocked", "{blocked}");
    assert_eq!(blocked["allowedTransitions"], json!(["queued", "cancelled"]));
    assert_eq!((&blocked["guard"][0]["active"], &blocked["guard"][0]["missing"]), (&json!(6), &json!(5)));
    assert_eq!(blocked["guard"][0]["programme"]["id"], rosters.school.programme);
    assert_eq!(rosters.students(), before, "nothing has changed");
    let path = format!("/v1/roster-imports/{}", blocked["id"].as_str().unwrap());
    let client = &rosters.school.client;
    let refused = client.post(&format!("{path}/transitions"), &json!({ "to": "done" })).await;
    let refused = refused.is_problem(409, "invalid-transition").json();
    assert_eq!(refused["currentStatus"], "guard-blocked");
    assert_eq!(refused["allowedTransitions"], json!(["queued", "cancelled"]));
    client.post(&format!("{path}/transitions"), &json!({ "to": "queued" })).await.is(200);
    let done = ended(client, &path).await;
    assert_eq!((done["status"].clone(), counts(&done)), (json!("done"), [1, 0, 1, 5, 0]), "{done}");
    assert_eq!(done["confirmed"], true);
}

#[actix_web::test]
async fn a_newer_roster_makes_a_blocked_one_lapse_and_it_can_be_dropped() {
    let rosters = Rosters::start().await;
    let client = &rosters.school.client;
    rosters.import("mode=full", &roster("", &SIX, "")).await;
    let blocked = rosters.import("mode=full", &roster("", &["a"], "")).await;
    rosters.import("mode=full", &roster("", &SIX, "")).await;
    let path = format!("/v1/roster-imports/{}", blocked["id"].as_str().unwrap());
    assert_eq!(client.get(&path).await.is(200).json()["status"], "lapsed");
    let late = client.post(&format!("{path}/transitions"), &json!({ "to": "queued" })).await;
    late.is_problem(409, "invalid-transition");
    let blocked = rosters.import("mode=full", &roster("", &["a"], "")).await;
    let path = format!("/v1/roster-imports/{}", blocked["id"].as_str().unwrap());
    let dropped = client.post(&format!("{path}/transitions"), &json!({ "to": "cancelled" })).await.is(200);
    assert_eq!(dropped.json()["status"], "cancelled");
    assert_eq!(rosters.students().len(), 6);
}

#[actix_web::test]
async fn a_blocked_roster_lapses_after_three_days() {
    let rosters = Rosters::start().await;
    rosters.import("mode=full", &roster("", &SIX, "")).await;
    let blocked = rosters.import("mode=full", &roster("", &["a"], "")).await;
    let age = format!(
        "UPDATE roster_imports SET finished_at = finished_at - interval '73 hours' WHERE id = '{}' RETURNING 'x' AS value",
        blocked["id"].as_str().unwrap()
    );
    crate::students::owner_reads(&rosters.app, &age);
    assert_eq!(stagepunt::education::roster_imports::LAPSED_IMPORTS.run(&rosters.app.db).await.unwrap(), 1);
    assert!(crate::students::owner_reads(&rosters.app, "SELECT 'x' AS value FROM roster_chunks").is_empty());
}

#[actix_web::test]
async fn nobody_leaves_when_a_row_does_not_tell_whom_it_is_about() {
    let rosters = Rosters::start().await;
    rosters.import("mode=full", &roster("", &["a", "b"], "")).await;
    let withheld = rosters.import("mode=full", &(roster("", &["a"], "") + ",Voorbeeld,Student,PROEF\n")).await;
    assert_eq!((counts(&withheld), &withheld["deactivationWithheld"]), ([0, 0, 1, 0, 1], &json!(true)));
    let bad = rosters.import("mode=full", &(roster("", &["a"], "") + "b,,Student,PROEF\n")).await;
    assert_eq!((counts(&bad), &bad["deactivationWithheld"]), ([0, 0, 1, 0, 1], &json!(false)), "b is still there");
    assert_eq!(rosters.students(), ["a active 1", "b active 1"]);
}

#[actix_web::test]
async fn a_file_about_one_programme_leaves_the_others_alone() {
    let rosters = Rosters::start().await;
    let client = &rosters.school.client;
    let known = client.get("/v1/qualifications?profession=doctors-assistant").await.is(200);
    let other = json!({
        "code": "ANDERS", "name": "Een andere opleiding", "qualificationId": known.text_at("/items/0/id"),
        "learningPaths": ["bol"], "studyYears": 3,
    });
    client.post("/v1/programmes", &other).await.is(201);
    rosters.school.enter("z", json!({ "programmeCode": "ANDERS" })).await;
    let mixed = roster("", &["a"], "") + "y,Voorbeeld,Student,ANDERS\n";
    let done = rosters.import("mode=full", &mixed).await;
    assert_eq!(counts(&done), [1, 0, 0, 0, 1]);
    let z = client.post("/v1/students/_search", &json!({ "sourcedId": "z" })).await.is(200);
    assert_eq!((z.items()[0]["active"].clone(), z.items()[0]["version"].clone()), (json!(true), json!(1)));
    let unknown = client.request(reqwest::Method::POST, "/v1/roster-imports?mode=full&scope=PROEF,NERGENS");
    let unknown = client.send(unknown.header("Content-Type", "text/csv").body("x")).await;
    unknown.has_fault("/scope/1", "unknown-programme");
}

#[actix_web::test]
async fn a_row_without_a_key_does_not_lift_the_guard() {
    let rosters = Rosters::start().await;
    rosters.import("mode=full", &roster("", &SIX, "")).await;
    let before = rosters.students();
    let leavers = roster(",active", &SIX, ",false") + ",Voorbeeld,Student,PROEF,\n";
    let blocked = rosters.import("mode=full", &leavers).await;
    assert_eq!(blocked["status"], "guard-blocked", "{blocked}");
    assert_eq!((&blocked["guard"][0]["active"], &blocked["guard"][0]["missing"]), (&json!(6), &json!(6)));
    assert_eq!(rosters.students(), before);
    let few = roster("", &SIX[..1], "") + ",Voorbeeld,Student,PROEF\n";
    assert_eq!(rosters.import("mode=full", &few).await["status"], "done", "nobody is missing");
}
