//! The `updatedSince` feed: nothing is missed, whatever commits when.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use serde_json::{Value, json};

use super::{BUREAU, NOBODY, PLATFORM, PRACTICE};
use crate::support::{Answer, Cluster, TestApp, TestClient};

async fn sync(client: &TestClient, since: &str) -> Answer {
    Cluster::shared().settle();
    sync_now(client, since).await
}

async fn sync_now(client: &TestClient, since: &str) -> Answer {
    client.get(&format!("/v1/organisations?limit=200&updatedSince={since}")).await.is(200)
}

fn token(page: &Answer) -> String {
    page.text_at("/nextUpdatedSince")
}

fn ids(items: &[Value]) -> Vec<String> {
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn a_sync_goes_on_where_it_ended() {
    let app = TestApp::start().await;
    let (platform, reader) = (app.client(PLATFORM).await, app.client(BUREAU).await);
    let everything = sync(&reader, "2000-01-01T00:00:00Z").await;
    let all = reader.get("/v1/organisations?limit=200").await.is(200).items();
    assert_eq!(everything.items().len(), all.len());
    let nothing = sync(&reader, &token(&everything)).await;
    assert!(nothing.items().is_empty(), "{:?}", nothing.items());

    let mut made = Vec::new();
    for name in ["Een", "Twee", "Drie"] {
        let body = json!({"name": name, "kinds": ["sector-body"]});
        made.push(platform.post("/v1/organisations", &body).await.is(201).text_at("/id"));
    }
    platform.change(&format!("/v1/organisations/{}", made[0]), &json!({"active": false})).await.is(200);
    made.rotate_left(1);
    let news = sync(&reader, &token(&nothing)).await;
    assert_eq!(ids(&news.items()), made, "each once, in the order of the last change");
    assert!(sync(&reader, &token(&news)).await.items().is_empty());

    let (mut read, mut path) = (Vec::new(), format!("/v1/organisations?limit=2&updatedSince={}", token(&nothing)));
    loop {
        let page = reader.get(&path).await.is(200);
        // Whoever stops here goes on from here.
        let rest = ids(&sync(&reader, &token(&page)).await.items());
        read.extend(ids(&page.items()));
        assert!(made.iter().all(|id| read.contains(id) || rest.contains(id)));
        let Some(cursor) = page.json()["nextCursor"].as_str().map(str::to_owned) else { break };
        path = format!("/v1/organisations?limit=2&updatedSince={}&cursor={cursor}", token(&nothing));
    }
    assert_eq!(read, made);
}

#[actix_web::test]
async fn a_change_that_commits_late_is_not_missed() {
    let app = TestApp::start().await;
    let (platform, reader) = (app.client(PLATFORM).await, app.client(BUREAU).await);
    let slow = app.organisation_of(PRACTICE).await;
    let start = token(&sync(&reader, "2000-01-01T00:00:00Z").await);

    let mut other = PgConnection::establish(&app.database.owner_url).unwrap();
    other.batch_execute(&format!("BEGIN; UPDATE organisations SET version = version + 1 WHERE id = '{slow}'")).unwrap();
    let quick = platform.post("/v1/organisations", &json!({"name": "Vlug", "kinds": ["sector-body"]})).await;
    let quick = quick.is(201).text_at("/id");

    let during = sync_now(&reader, &start).await;
    assert!(during.items().is_empty(), "what is numbered after an open transaction waits for it");
    other.batch_execute("COMMIT").unwrap();
    let after = ids(&sync(&reader, &token(&during)).await.items());
    assert_eq!(after, [slow, quick]);
}

#[actix_web::test]
async fn what_left_the_view_is_told_to_whom_it_left() {
    let app = TestApp::start().await;
    let (reader, other) = (app.client(BUREAU).await, app.client(PLATFORM).await);
    let (own, visible) = (app.organisation_of(BUREAU).await, app.organisation_of(PRACTICE).await);
    let start = token(&sync(&reader, "2000-01-01T00:00:00Z").await);
    let mut database = PgConnection::establish(&app.database.owner_url).unwrap();
    for gone in [NOBODY, &visible] {
        let bury = format!(
            "INSERT INTO tombstones (collection, resource_id, organisation_id) VALUES ('organisations', '{gone}', '{own}')"
        );
        database.batch_execute(&bury).unwrap();
    }
    let page = sync(&reader, &start).await;
    let removed = page.json()["removed"].as_array().cloned().unwrap();
    assert_eq!(ids(&removed), [NOBODY], "what is still in view is not removed");
    assert!(removed[0]["removedAt"].as_str().unwrap().ends_with('Z'));
    assert!(sync(&reader, &token(&page)).await.json()["removed"].as_array().unwrap().is_empty());
    let first = reader.get(&format!("/v1/organisations?limit=1&updatedSince={start}")).await.is(200);
    assert_eq!(ids(first.json()["removed"].as_array().unwrap()), [NOBODY]);
    assert!(sync(&other, &start).await.json()["removed"].as_array().unwrap().is_empty());
}

#[actix_web::test]
async fn only_a_moment_or_a_token_of_ours_is_taken() {
    let app = TestApp::start().await;
    let reader = app.client(BUREAU).await;
    for since in ["yesterday", "2025-09-01", "s", "s-1"] {
        let answer = reader.get(&format!("/v1/organisations?updatedSince={since}")).await;
        answer.has_fault("/updatedSince", "malformed");
    }
    let ahead = reader.get("/v1/organisations?updatedSince=s999999999999").await;
    ahead.is_problem(400, "unknown-updated-since");
}
