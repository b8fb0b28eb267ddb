//! Many tenants over few connections, and several processes on one database: nobody acts as
//! somebody else, and whoever lost a right has lost it everywhere.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _};
use serde_json::json;

use crate::support::{Cluster, Setting, TestApp, TestClient};
use crate::walk::WALKERS;

/// What every tenant may ask, and each gets other rows of.
const COLLECTIONS: [&str; 5] =
    ["/v1/me", "/v1/initiatives?limit=200", "/v1/api-clients", "/v1/organisations?limit=1", "/v1/audit-events?limit=5"];

/// A request of one tenant with the only right answer.
struct Question {
    client: TestClient,
    path: String,
    answer: (u16, Vec<u8>),
}

async fn questions(app: &TestApp) -> Vec<Question> {
    let mut questions = Vec::new();
    for key in WALKERS {
        let client = app.client(key).await;
        let mut paths: Vec<String> = COLLECTIONS.map(str::to_owned).into();
        let me = client.get("/v1/me").await.is(200).json();
        if let Some(region) = me["regions"][0]["id"].as_str() {
            paths.push(format!("/v1/regions/{region}/memberships?limit=5"));
            paths.push(format!("/v1/initiatives?regionId={region}&status=draft"));
        }
        for path in paths {
            let answer = client.get(&path).await;
            if answer.status == 200 {
                questions.push(Question { client: client.clone(), path, answer: (200, answer.body) });
            }
        }
    }
    questions
}

/// Asks everything many times at once, in an order that mixes the tenants; `meanwhile` is called
/// each time so many answers are in. Returns how many answers were 503.
async fn ask_all(questions: &[Question], rounds: usize, every: usize, meanwhile: impl Fn()) -> usize {
    let (answered, unavailable) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let mixed = (0..rounds * questions.len()).map(|turn| &questions[turn * 7919 % questions.len()]);
    stream::iter(mixed)
        .for_each_concurrent(24, |question| async {
            let answer = question.client.get(&question.path).await;
            if answer.status == 503 {
                unavailable.fetch_add(1, Ordering::Relaxed);
            } else {
                let wrong = (answer.status.as_u16(), &answer.body) != (question.answer.0, &question.answer.1);
                assert!(!wrong, "{}: {} {}", question.path, answer.status, String::from_utf8_lossy(&answer.body));
            }
            if answered.fetch_add(1, Ordering::Relaxed) % every == every - 1 {
                meanwhile();
            }
        })
        .await;
    unavailable.into_inner()
}

#[actix_web::test]
async fn tenants_that_share_connections_are_never_taken_for_each_other() {
    for connections in [1, 4] {
        let app = TestApp::with(Setting { connections, ..Setting::default() }).await;
        let questions = questions(&app).await;
        assert!(questions.len() > 40, "{}", questions.len());
        let different: std::collections::BTreeSet<_> = questions.iter().map(|question| &question.answer.1).collect();
        assert!(different.len() > 20, "only {} different answers", different.len());
        assert_eq!(ask_all(&questions, 5, usize::MAX, || ()).await, 0);
        // A connection that breaks costs the request that holds it, and no other its identity.
        let ends = AtomicUsize::new(0);
        let end = || {
            app.database.end_connections();
            ends.fetch_add(1, Ordering::Relaxed);
        };
        let unavailable = ask_all(&questions, 3, 30, end).await;
        let most = ends.load(Ordering::Relaxed) * connections as usize;
        assert!(unavailable <= most, "{unavailable} of at most {most} were refused");
        assert_eq!(ask_all(&questions, 1, usize::MAX, || ()).await, 0);
    }
}

#[actix_web::test]
async fn a_client_revoked_at_one_process_is_refused_at_the_other_within_five_seconds() {
    let here = TestApp::start().await;
    let there = here.beside(Setting::default()).await;
    let practice = here.client("demo-praktijk-eerste-eik").await;
    let elsewhere = there.with_token(practice.token.clone());
    practice.get("/v1/me").await.is(200);
    elsewhere.get("/v1/me").await.is(200);
    let platform = here.client("demo-platform").await;
    let id = Cluster::shared().client_id("demo-praktijk-eerste-eik");
    platform.post(&format!("/v1/api-clients/{id}/transitions"), &json!({ "to": "revoked" })).await.is(200);
    let revoked = Instant::now();
    while elsewhere.get("/v1/me").await.status == 200 {
        assert!(revoked.elapsed() < Duration::from_secs(5), "still served by the other process");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for client in [&practice, &elsewhere] {
        client.get("/v1/me").await.is_problem(401, "invalid-token");
        client.get("/v1/initiatives").await.is_problem(401, "invalid-token");
    }
}

#[actix_web::test]
async fn what_one_process_answered_once_the_other_answers_again() {
    let here = TestApp::start().await;
    let there = here.beside(Setting::default()).await;
    let bureau = here.client("demo-regio-midden-brabant").await;
    let elsewhere = there.with_token(bureau.token.clone());
    let me = bureau.get("/v1/me").await.is(200);
    let new = json!({
        "code": "overal", "title": "Overal",
        "regionId": me.text_at("/regions/0/id"), "leadOrganisationId": me.text_at("/organisation/id"),
    });
    let first = bureau.post_once("/v1/initiatives", "overal", &new).await.is(201);
    assert_eq!(elsewhere.post_once("/v1/initiatives", "overal", &new).await.is(201).body, first.body);
    // A page begun at one goes on at the other.
    let page = bureau.get("/v1/organisations?limit=1").await.is(200);
    let next = format!("/v1/organisations?limit=1&cursor={}", page.text_at("/nextCursor"));
    assert_eq!(elsewhere.get(&next).await.is(200).body, bureau.get(&next).await.is(200).body);
}
