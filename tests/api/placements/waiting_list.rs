//! The waiting list: places follow from priority and since when one waits.

use serde_json::{Value, json};

use super::{FUNDER, Ground, OTHER_BUREAU, PRACTICE, SCHOOL, follow_placement};
use crate::support::{Answer, TestApp};

/// Requests of the test, in the order of the list, with their places among all.
fn places(answer: &Answer, own: &[String]) -> Vec<(usize, i64)> {
    let place = |item: &Value| {
        let index = own.iter().position(|id| item["requestId"] == json!(id))?;
        Some((index, item["position"].as_i64().unwrap()))
    };
    answer.items().iter().filter_map(place).collect()
}

struct Waiting {
    ground: Ground,
    list: String,
    requests: Vec<String>,
    /// Places taken by the demo world before ours.
    before: i64,
}

impl Waiting {
    /// Three students who wait, in the order in which they were entered.
    async fn of(app: &TestApp) -> Self {
        let ground = Ground::of(app).await;
        let mut requests = Vec::new();
        for (key, area, period) in
            [("een", "5038", "2031-09-01"), ("twee", "5011", "2031-11-01"), ("drie", "4331", "2031-09-01")]
        {
            let student =
                ground.student(key, json!({ "postcode4": area, "learningPath": "bol", "studyYear": 2 })).await;
            let made = ground.ask(&student, json!({ "startsOn": period })).await.is(201);
            requests.push(made.text_at("/id"));
        }
        let qualification = ground.bureau.get(&format!("/v1/placement-requests/{}", requests[0])).await.is(200);
        let qualification = qualification.text_at("/qualification/id");
        let list = format!("/v1/regions/{}/waiting-list?limit=200&qualificationId={qualification}", ground.region);
        let all = ground.bureau.get(&list).await.is(200).items().len();
        Self { ground, list, requests, before: i64::try_from(all).unwrap() - 3 }
    }

    async fn places(&self, query: &str) -> Vec<(usize, i64)> {
        let answer = self.ground.bureau.get(&format!("{}{query}", self.list)).await.is(200);
        let own = places(&answer, &self.requests);
        own.into_iter().map(|(index, place)| (index, place - self.before)).collect()
    }

    fn request(&self, index: usize) -> String {
        format!("/v1/placement-requests/{}", self.requests[index])
    }
}

#[actix_web::test]
async fn priority_goes_first_and_then_who_waits_longest() {
    let app = TestApp::start().await;
    let waiting = Waiting::of(&app).await;
    assert_eq!(waiting.places("").await, [(0, 1), (1, 2), (2, 3)]);
    let rank = async |index: usize, change: Value| waiting.ground.rank(&waiting.request(index), &change).await;
    let early = json!({ "since": "2001-01-01T00:00:00Z", "sinceReason": "Stond al op de lijst" });
    let moved = rank(2, early).await.is(200).json();
    assert_eq!((&moved["since"], &moved["version"]), (&json!("2001-01-01T00:00:00Z"), &json!(2)));
    let order: Vec<usize> = waiting.places("").await.into_iter().map(|(index, _)| index).collect();
    assert_eq!(order, [2, 0, 1]);
    rank(1, json!({ "priority": "placement-ended" })).await.is(200);
    let listed = waiting.ground.bureau.get(&waiting.list).await.is(200);
    let order: Vec<usize> = places(&listed, &waiting.requests).into_iter().map(|(index, _)| index).collect();
    assert_eq!(order, [1, 2, 0]);
    let first = listed.items().into_iter().find(|item| item["requestId"] == json!(waiting.requests[1])).unwrap();
    assert_eq!((&first["priority"], &first["postcodeArea"]), (&json!("placement-ended"), &json!("50")));
    assert_eq!((&first["learningPath"], &first["studyYear"]), (&json!("bol"), &json!(2)));
    assert!(!String::from_utf8(listed.body).unwrap().contains("Honderd"), "the list names nobody");

    rank(0, json!({ "since": "2001-01-01T00:00:00Z" })).await.has_fault("/sinceReason", "since-and-reason");
    rank(0, json!({ "since": "2999-01-01T00:00:00Z", "sinceReason": "x" })).await.has_fault("/since", "since-later");
    rank(0, json!({ "sinceReason": "111222333" })).await.has_fault("/sinceReason", "bsn-like");
    let etag = waiting.ground.bureau.get(&waiting.request(0)).await.is(200).header("etag");
    let path = format!("{}/ranking", waiting.request(0));
    let own = waiting.ground.school.client.patch(&path, &etag, &json!({ "priority": "agreed" })).await;
    own.is_problem(403, "scope-missing");
    follow_placement(&app, &waiting.request(1), "open", "placed");
    rank(1, json!({ "priority": null })).await.is_problem(409, "request-not-open");
    assert!(places(&waiting.ground.bureau.get(&waiting.list).await.is(200), &waiting.requests[1..2]).is_empty());
    follow_placement(&app, &waiting.request(1), "placed", "open");
    let order: Vec<usize> = waiting.places("").await.into_iter().map(|(index, _)| index).collect();
    assert_eq!(order, [1, 2, 0], "opened again, it has its place back");
}

#[actix_web::test]
async fn filters_leave_others_out_and_change_nobodys_place() {
    let app = TestApp::start().await;
    let waiting = Waiting::of(&app).await;
    assert_eq!(waiting.places("&postcodeArea=43").await, [(2, 3)]);
    assert_eq!(waiting.places("&postcodeArea=50").await, [(0, 1), (1, 2)]);
    assert_eq!(waiting.places("&periodFrom=2031-08-01&periodUntil=2031-10-01").await, [(0, 1), (2, 3)]);
    assert_eq!(waiting.places("&periodFrom=2032-02-01").await, []);
    assert_eq!(waiting.places(&format!("&schoolId={}", waiting.ground.school.id)).await.len(), 3);
    assert_eq!(waiting.places(&format!("&schoolId={}", waiting.ground.region)).await, []);
    for wrong in ["5", "05", "5x", "503"] {
        waiting.ground.bureau.get(&format!("{}&postcodeArea={wrong}", waiting.list)).await.is(400);
    }
    let mut read = Vec::new();
    let mut page = waiting.list.replace("limit=200", "limit=1");
    let first = page.clone();
    loop {
        let answer = waiting.ground.bureau.get(&page).await.is(200);
        read.extend(answer.items());
        let Some(cursor) = answer.json()["nextCursor"].as_str().map(str::to_owned) else { break };
        page = format!("{first}&cursor={cursor}");
    }
    assert_eq!(read, waiting.ground.bureau.get(&waiting.list).await.is(200).items());
}

#[actix_web::test]
async fn the_list_is_the_bureaus() {
    let app = TestApp::start().await;
    let waiting = Waiting::of(&app).await;
    let foreign = app.client(OTHER_BUREAU).await.get(&waiting.list).await.is(200);
    assert!(foreign.items().is_empty());
    for key in [SCHOOL, PRACTICE, FUNDER] {
        app.client(key).await.get(&waiting.list).await.is_problem(403, "scope-missing");
    }
}
