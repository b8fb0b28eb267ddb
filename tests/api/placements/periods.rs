//! What the end of a period does to a request: sight ends with it, and the system closes what nobody closed.

use chrono::NaiveDate;
use diesel::connection::SimpleConnection as _;
use futures_util::future::join;
use serde_json::{Value, json};
use stagepunt::placements::requests::PERIODS_OVER;

use super::{BUREAU, Ground, SCHOOL};
use crate::students::owner_reads;
use crate::support::{Setting, TestApp};

/// The same database on another business day.
async fn on(app: &TestApp, day: &str) -> TestApp {
    let today: NaiveDate = day.parse().unwrap();
    app.beside(Setting { today: Some(today), ..Setting::default() }).await
}

/// How many requests there are in this state.
fn count(app: &TestApp, status: &str) -> usize {
    let look = format!("SELECT count(*)::text AS value FROM placement_requests WHERE status = '{status}'");
    owner_reads(app, &look)[0].parse().unwrap()
}

#[actix_web::test]
async fn the_bureau_sees_who_it_is_until_the_last_day() {
    let app = TestApp::start().await;
    let ground = Ground::of(&app).await;
    let student = ground.student("x", json!({ "learningPath": "bol" })).await;
    let made = ground.ask(&student, json!({})).await.is(201);
    let (request, id) = (made.header("location"), made.text_at("/id"));
    let names = json!({ "studentIds": [student] });
    let list = format!("/v1/regions/{}/waiting-list?limit=200", ground.region);
    for (day, seen) in [("2032-01-31", true), ("2032-02-01", false)] {
        let later = on(&app, day).await;
        let bureau = later.client(BUREAU).await;
        let shown = bureau.post("/v1/students/_identities", &names).await.is(200);
        assert_eq!(!shown.items().is_empty(), seen, "{day}");
        assert_eq!(bureau.get(&format!("{request}/student")).await.status == 200, seen, "{day}");
        let waiting = bureau.get(&list).await.is(200).items();
        assert_eq!(waiting.iter().any(|item| item["requestId"] == json!(id)), seen, "{day}");
        assert_eq!(bureau.get(&request).await.is(200).text_at("/status"), "open", "nobody swept yet");
        later.client(SCHOOL).await.get(&format!("{request}/student")).await.is(200);
    }
    let later = on(&app, "2032-02-01").await;
    assert!(PERIODS_OVER.run(&later.db).await.unwrap() > 0);
    let shown = ground.bureau.post("/v1/students/_identities", &names).await.is(200);
    assert!(shown.items().is_empty(), "swept");
}

#[actix_web::test]
async fn what_nobody_closed_lapses_by_itself() {
    let app = TestApp::start().await;
    let ground = Ground::of(&app).await;
    let student = ground.student("x", json!({})).await;
    let request = ground.ask(&student, json!({})).await.is(201).header("location");
    let longer = ground.ask(&student, json!({ "startsOn": "2032-02-01", "endsOn": "2032-06-30" })).await.is(201);
    let longer = longer.header("location");
    assert_eq!(PERIODS_OVER.run(&app.db).await.unwrap(), 0, "nothing is over yet");
    let later = on(&app, "2032-02-10").await;
    let open = count(&app, "open");
    assert_eq!(PERIODS_OVER.run(&later.db).await.unwrap(), open - 1);
    assert_eq!(PERIODS_OVER.run(&later.db).await.unwrap(), 0);
    let school = later.client(SCHOOL).await;
    assert_eq!(school.get(&longer).await.is(200).text_at("/status"), "open");
    let lapsed = school.get(&request).await.is(200).json();
    assert_eq!((&lapsed["status"], &lapsed["version"]), (&json!("lapsed"), &json!(2)));
    assert_eq!(lapsed["allowedTransitions"], json!([]));
    let history = school.get(&format!("{request}/transitions")).await.is(200);
    let step = history.items()[1].clone();
    assert_eq!((&step["from"], &step["to"]), (&json!("open"), &json!("lapsed")));
    assert_eq!((&step["reasonCode"], &step["effectiveOn"]), (&json!("period-over"), &json!("2032-02-01")));
    assert_eq!(step["organisationId"], Value::Null);
    let path = format!("{request}/transitions/{}/corrections", step["id"].as_str().unwrap());
    let back = json!({ "withdrawn": true, "note": "Toch niet" });
    for client in [&school, &later.client(BUREAU).await] {
        client.post(&path, &back).await.is_problem(403, "not-permitted-on-resource");
    }
    let trail = "SELECT job || ' ' || action || ' ' || resource_id AS value FROM audit_events \
                 WHERE actor_kind = 'job' ORDER BY value";
    let id = request.rsplit('/').next().unwrap();
    assert!(owner_reads(&app, trail).contains(&format!("sweep-expired moved {id}")));
}

#[actix_web::test]
async fn two_processes_sweep_at_once_and_none_does_the_work_of_the_other() {
    let app = TestApp::start().await;
    let many = "INSERT INTO placement_requests (id, school_id, student_id, region_id, programme_id, qualification_id, \
                starts_on, ends_on) \
                SELECT gen_random_uuid(), school_id, student_id, region_id, programme_id, qualification_id, \
                make_date(2040 + n, 1, 1), make_date(2040 + n, 12, 31) \
                FROM placement_requests, generate_series(1, 10) n WHERE status = 'open'";
    app.database.owner().batch_execute(many).unwrap();
    let (one, two) = (on(&app, "2060-01-01").await, on(&app, "2060-01-01").await);
    let (open, before) = (count(&app, "open"), count(&app, "lapsed"));
    assert!(open > 150, "{open}");
    let (first, second) = join(PERIODS_OVER.run(&one.db), PERIODS_OVER.run(&two.db)).await;
    let rest = PERIODS_OVER.run(&one.db).await.unwrap();
    assert_eq!(first.unwrap() + second.unwrap() + rest, open);
    assert_eq!((count(&app, "open"), count(&app, "lapsed")), (0, before + open));
    let steps = "SELECT count(*) || ' ' || count(DISTINCT resource_id) AS value FROM placement_request_transitions \
                 WHERE reason_code = 'period-over'";
    assert_eq!(owner_reads(&app, steps)[0], format!("{open} {open}"));
}

#[actix_web::test]
async fn nothing_is_asked_for_days_that_have_passed() {
    let app = TestApp::start().await;
    let request = {
        let ground = Ground::of(&app).await;
        let student = ground.student("x", json!({})).await;
        ground.ask(&student, json!({})).await.is(201).header("location")
    };
    let later = on(&app, "2032-02-01").await;
    let school = later.client(SCHOOL).await;
    let old = school.get(&request).await.is(200).json();
    let body = |ends_on: &str| {
        json!({ "studentId": old["studentId"], "regionId": old["region"]["id"], "startsOn": "2031-09-01",
            "endsOn": ends_on })
    };
    let ask = async |ends_on: &str| school.post("/v1/placement-requests", &body(ends_on)).await;
    ask("2032-01-31").await.has_fault("/endsOn", "already-ended");
    school.change(&request, &json!({ "wishes": [] })).await.has_fault("/endsOn", "already-ended");
    school.change(&request, &json!({ "endsOn": "2032-01-30" })).await.has_fault("/endsOn", "already-ended");
    school.change(&request, &json!({ "endsOn": "2032-02-01", "wishes": [] })).await.is(200);
    let moved = json!({ "to": "withdrawn", "reasonCode": "postponed" });
    school.post(&format!("{request}/transitions"), &moved).await.is(200);
    ask("2032-02-01").await.is(201);
}
