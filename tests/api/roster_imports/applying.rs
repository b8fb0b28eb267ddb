//! What a roster does to students.

use serde_json::json;

use super::{Rosters, counts, roster, zipped};
use crate::students::owner_reads;

#[actix_web::test]
async fn the_same_roster_in_any_form_changes_nothing_the_second_time() {
    let rosters = Rosters::start().await;
    let first = rosters.import("mode=full", &roster("", &["a", "b"], "")).await;
    assert_eq!((first["status"].clone(), counts(&first)), (json!("done"), [2, 0, 0, 0, 0]), "{first}");
    assert_eq!(rosters.students(), ["a active 1", "b active 1"]);
    let student =
        |key| json!({ "sourcedId": key, "givenName": "Voorbeeld", "familyName": "Student", "programmeCode": "PROEF" });
    let json = json!([student("a"), student("b")]).to_string();
    let ndjson = format!("{}\n{}\n", student("a"), student("b"));
    let users = "sourcedId,status,givenName,familyName\na,,Voorbeeld,Student\nb,,Voorbeeld,Student\nteacher,,C,D\n";
    let zip = zipped(&[
        ("manifest.csv", "propertyName,value\nfile.users,bulk\nfile.classes,bulk\nfile.enrollments,bulk\n"),
        ("classes.csv", "sourcedId,classCode\nclass-1,PROEF\n"),
        ("enrollments.csv", "sourcedId,classSourcedId,userSourcedId,role\n1,class-1,a,student\n2,class-1,b,student\n"),
        ("users.csv", users),
    ]);
    let forms = [
        ("text/csv", roster("", &["b", "a"], "").replace(',', ";").into_bytes()),
        ("application/json", json.into_bytes()),
        ("application/x-ndjson", ndjson.into_bytes()),
        ("application/zip", zip),
    ];
    for (media_type, bytes) in forms {
        let again = rosters.import_as("mode=full", media_type, bytes).await;
        assert_eq!(
            (again["status"].clone(), counts(&again)),
            (json!("done"), [0, 0, 2, 0, 0]),
            "{media_type}: {again}"
        );
        assert_eq!(again["progress"]["skipped"], i64::from(media_type == "application/zip"));
    }
    assert_eq!(rosters.students(), ["a active 1", "b active 1"], "no version moved");
}

#[actix_web::test]
async fn one_changed_row_changes_one_student_and_the_missing_leave() {
    let rosters = Rosters::start().await;
    rosters.import("mode=full", &roster(",prefix", &["a", "b", "c"], ",van")).await;
    let changed = roster(",prefix", &["a"], ",de") + "b,Voorbeeld,Student,PROEF,van\n";
    let full = rosters.import("mode=full", &changed).await;
    assert_eq!(counts(&full), [0, 1, 1, 1, 0], "{full}");
    assert_eq!(rosters.students(), ["a active 2", "b active 1", "c inactive 2"]);
    let delta = rosters.import("mode=delta", &roster(",active", &["a"], ",nee")).await;
    assert_eq!(counts(&delta), [0, 0, 0, 1, 0]);
    let back = rosters.import("mode=delta", &roster("", &["c"], "")).await;
    assert_eq!(counts(&back), [0, 1, 0, 0, 0]);
    assert_eq!(rosters.students(), ["a inactive 3", "b active 1", "c active 3"]);
    let cleared = rosters.import("mode=delta", &roster(",prefix", &["b"], ",")).await;
    assert_eq!(counts(&cleared), [0, 1, 0, 0, 0]);
    let prefixes = "SELECT i.prefix AS value FROM student_identities i JOIN students s ON s.id = i.student_id \
                    WHERE s.sourced_id IN ('b', 'c') AND i.prefix IS NOT NULL";
    assert_eq!(owner_reads(&rosters.app, prefixes), ["van"], "an empty cell clears, an absent column leaves");
}

#[actix_web::test]
async fn everything_that_is_said_is_held_and_a_switch_of_path_is_a_period() {
    let rosters = Rosters::start().await;
    let head = ",schoolEmail,cohortSchoolYear,cohortForm,studyYear,learningPath,accelerated,postcode4,availableFrom,\
                availableUntil,availableDays,maxTravelMinutes";
    let more = ",a@example.org,2018-2019,shortened,2,bol,ja,5038,2019-02-04,2019-06-28,friday|monday,45";
    rosters.import("mode=delta", &roster(head, &["a"], more)).await;
    let read = || async {
        let found = rosters.school.client.post("/v1/students/_search", &json!({ "sourcedId": "a" })).await.is(200);
        found.items()[0].clone()
    };
    let student = read().await;
    assert_eq!(student["cohort"]["form"], "shortened");
    assert_eq!(student["availableDays"], json!(["monday", "friday"]));
    assert_eq!((&student["learningPath"], &student["accelerated"]), (&json!("bol"), &json!(true)));
    let put = rosters.school.put(
        "a",
        json!({
            "givenName": "Voorbeeld", "familyName": "Student", "schoolEmail": "a@example.org", "postcode4": "5038",
            "studyYear": 2, "learningPath": "bol", "accelerated": true, "maxTravelMinutes": 45,
        }),
    );
    assert_eq!(put.await.is(200).json()["version"], 1, "the roster and a PUT hold the same");
    // Begun today, so another path corrects it; begun before, it ends as switched.
    rosters.import("mode=delta", &roster(",learningPath", &["a"], ",bbl")).await;
    let periods = "SELECT concat_ws(' ', p.learning_path, p.version, p.end_reason) AS value FROM learning_path_periods p \
                   JOIN students s ON s.id = p.student_id WHERE s.sourced_id = 'a' AND p.superseded_at IS NULL \
                   ORDER BY p.effective_from, p.learning_path";
    assert_eq!(owner_reads(&rosters.app, periods), ["bbl 2"]);
    let earlier = "UPDATE learning_path_periods SET effective_from = effective_from - 10 WHERE superseded_at IS NULL \
                   AND student_id IN (SELECT id FROM students WHERE sourced_id = 'a') RETURNING 'x' AS value";
    let triggers = |to: &str| format!("ALTER TABLE learning_path_periods {to} TRIGGER stamp_record");
    owner_reads_all(&rosters, &[&triggers("DISABLE"), earlier, &triggers("ENABLE")]);
    rosters.import("mode=delta", &roster(",learningPath", &["a"], ",bol")).await;
    assert_eq!(owner_reads(&rosters.app, periods), ["bbl 3 switched", "bol 1"]);
    assert_eq!(read().await["learningPath"], "bol");
    let same = rosters.import("mode=delta", &roster(",learningPath", &["a"], ",bol")).await;
    assert_eq!(counts(&same), [0, 0, 1, 0, 0]);
}

fn owner_reads_all(rosters: &Rosters, statements: &[&str]) {
    use diesel::connection::SimpleConnection as _;
    use diesel::{Connection as _, PgConnection};
    let mut conn = PgConnection::establish(&rosters.app.database.owner_url).unwrap();
    for statement in statements {
        conn.batch_execute(statement).unwrap();
    }
}

#[actix_web::test]
async fn a_dry_run_counts_and_changes_nothing() {
    let rosters = Rosters::start().await;
    rosters.import("mode=full", &roster("", &["a", "b"], "")).await;
    let dry = rosters.import("mode=full&dryRun=true", &roster(",prefix", &["a", "c"], ",van")).await;
    assert_eq!((dry["status"].clone(), counts(&dry)), (json!("done"), [1, 1, 0, 1, 0]), "{dry}");
    assert_eq!(rosters.students(), ["a active 1", "b active 1"]);
}

#[actix_web::test]
async fn a_school_has_a_trail_of_counts_and_no_names() {
    let rosters = Rosters::start().await;
    let done = rosters.import("mode=full", &roster("", &["a", "b"], "")).await;
    let trail = owner_reads(
        &rosters.app,
        &format!(
            "SELECT concat_ws(' ', action, actor_kind, detail->>'created', detail->>'sha256', detail->>'job') AS value \
             FROM audit_events WHERE resource_id = '{}' ORDER BY action",
            done["id"].as_str().unwrap()
        ),
    );
    let (sha256, job) = (done["sha256"].as_str().unwrap(), done["jobId"].as_str().unwrap());
    assert_eq!(trail, [format!("applied client 2 {sha256} {job}"), format!("created client {sha256}")]);
    assert_eq!(rosters.school.client.get(&format!("/v1/jobs/{job}")).await.is(200).json()["status"], "done");
    assert!(owner_reads(&rosters.app, "SELECT 'x' AS value FROM roster_chunks").is_empty(), "the pieces are gone");
}
