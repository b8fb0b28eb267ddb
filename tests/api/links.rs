//! Links: mailed, single-use, for people without an account.

use diesel::sql_types::{Nullable, Text, Uuid as SqlUuid};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use reqwest::Method;
use serde_json::Value;
use stagepunt::audit::{self, Event};
use stagepunt::auth::links::{LinkPurpose, LinkToken, burn, issue, revoke_for};
use stagepunt::auth::{Actor, ActorKind};
use stagepunt::db::{Caller, Conn, Db};
use stagepunt::error::{Error, Result};
use stagepunt::kernel::ids::{ClientId, LinkId, OrganisationId};
use stagepunt::kernel::role::Role;
use uuid::Uuid;

use crate::support::{Answer, Cluster, TestApp, texts};

const SCHOOL: &str = "demo-school-roc-tilburg";
const OTHER_SCHOOL: &str = "demo-school-scalda";

/// Somebody past the guards.
pub struct Beyond(pub Actor);

impl Caller for Beyond {
    fn actor(&self) -> &Actor {
        &self.0
    }
}

/// A school of the demo world, as its client acts.
pub async fn school(app: &TestApp, key: &str) -> (Beyond, OrganisationId) {
    let organisation = OrganisationId(app.organisation_of(key).await.parse().unwrap());
    let actor = Actor {
        kind: ActorKind::Client,
        client: Some(ClientId(Cluster::shared().client_id(key).parse().unwrap())),
        organisation: Some(organisation),
        role: Some(Role::School),
        ..Actor::public(Uuid::now_v7())
    };
    (Beyond(actor), organisation)
}

/// A link that a school had made for this resource.
pub async fn link_for(app: &TestApp, key: &str, resource: Uuid) -> Result<LinkToken> {
    let (school, organisation) = school(app, key).await;
    app.db.write(&school, move |conn| issue(conn, LinkPurpose::Agreement, resource, organisation)).await
}

async fn get(app: &TestApp, path: &str, token: &str) -> Answer {
    let anyone = app.anyone();
    anyone.send(anyone.request(Method::GET, path).header("Authorization", format!("Link {token}"))).await
}

/// The holder of the only link there is.
async fn holder(app: &TestApp) -> Beyond {
    let (_, organisation) = school(app, SCHOOL).await;
    let link = texts(&mut app.database.owner(), "SELECT id::text AS value FROM links").remove(0);
    Beyond(Actor {
        kind: ActorKind::Link,
        link: Some(LinkId(link.parse().unwrap())),
        organisation: Some(organisation),
        ..Actor::public(Uuid::now_v7())
    })
}

async fn act(db: &Db, holder: &Beyond) -> Result<()> {
    let actor = holder.0.clone();
    db.write(holder, move |conn| {
        burn(conn)?;
        audit::record(conn, &actor, Event::new("signed", "agreement", Uuid::now_v7()))
    })
    .await
}

fn linked(conn: &mut Conn) -> Result<Option<Uuid>> {
    #[derive(QueryableByName)]
    struct Opened {
        #[diesel(sql_type = Nullable<SqlUuid>)]
        resource: Option<Uuid>,
    }
    let opened: Opened =
        sql_query("SELECT app_linked($1) AS resource").bind::<Text, _>("agreement").get_result(conn)?;
    Ok(opened.resource)
}

#[actix_web::test]
async fn a_link_opens_what_is_for_links_as_often_as_one_likes_and_nothing_else() {
    let app = TestApp::start().await;
    let resource = Uuid::now_v7();
    let token = link_for(&app, SCHOOL, resource).await.unwrap();
    for _ in 0..3 {
        let link = get(&app, "/v1/link", token.reveal()).await.is(200);
        assert_eq!(link.text_at("/purpose"), "agreement");
        assert_eq!(link.text_at("/resourceId"), resource.to_string());
        assert!(!String::from_utf8_lossy(&link.body).contains(token.reveal()));
    }
    get(&app, "/v1/me", token.reveal()).await.is_problem(403, "scope-missing");
    get(&app, "/v1/students", token.reveal()).await.is_problem(403, "scope-missing");
    app.client(SCHOOL).await.get("/v1/link").await.is_problem(403, "link-needed");
    app.anyone().get("/v1/link").await.is_problem(401, "invalid-token");
    let query = format!("/v1/link?token={}", token.reveal());
    app.anyone().get(&query).await.is_problem(401, "invalid-token");
}

#[actix_web::test]
async fn a_link_that_works_no_more_is_answered_like_one_that_never_was() {
    let app = TestApp::start().await;
    let mut owner = app.database.owner();
    let endings = [
        "UPDATE links SET used_at = now() WHERE used_at IS NULL",
        "UPDATE links SET revoked_at = now() WHERE used_at IS NULL",
        "UPDATE links SET created_at = now() - interval '15 days', expires_at = now() - interval '1 second'",
    ];
    let unknown = told(&get(&app, "/v1/link", &"A".repeat(43)).await);
    assert_eq!(unknown["status"], 401);
    for ending in endings {
        let token = link_for(&app, SCHOOL, Uuid::now_v7()).await.unwrap();
        get(&app, "/v1/link", token.reveal()).await.is(200);
        sql_query(ending).execute(&mut owner).unwrap();
        let answer = get(&app, "/v1/link", token.reveal()).await.is_problem(401, "invalid-token");
        assert_eq!(told(&answer), unknown, "{ending}");
    }
}

/// An answer without what differs for every request.
fn told(answer: &Answer) -> Value {
    let mut told = answer.json();
    told.as_object_mut().unwrap().remove("requestId");
    told
}

#[actix_web::test]
async fn guesses_are_limited_and_good_links_are_not() {
    let app = TestApp::start().await;
    let token = link_for(&app, SCHOOL, Uuid::now_v7()).await.unwrap();
    for guess in 0..10 {
        get(&app, "/v1/link", &format!("{guess:0>43}")).await.is_problem(401, "invalid-token");
    }
    let limited = get(&app, "/v1/link", &format!("{:0>43}", 10)).await.is_problem(429, "rate-limited");
    assert!(limited.header("retry-after").parse::<u64>().unwrap() <= 10);
    get(&app, "/v1/link", token.reveal()).await.is(200);
}

#[actix_web::test]
async fn of_two_acts_at_once_one_takes_effect_and_leaves_its_trace() {
    let app = TestApp::start().await;
    let token = link_for(&app, SCHOOL, Uuid::now_v7()).await.unwrap();
    let holder = holder(&app).await;
    let acts = futures_util::future::join(act(&app.db, &holder), act(&app.db, &holder)).await;
    let done = [&acts.0, &acts.1].into_iter().filter(|act| act.is_ok()).count();
    assert_eq!(done, 1, "{acts:?}");
    let refused = acts.0.err().or(acts.1.err()).unwrap();
    assert!(matches!(refused, Error::Unauthenticated | Error::Conflict { .. }), "{refused}");
    get(&app, "/v1/link", token.reveal()).await.is_problem(401, "invalid-token");
    let trace = "SELECT concat_ws(' ', actor_kind, organisation_id, client_id) AS value FROM audit_events \
                 WHERE action = 'signed' AND actor_kind = 'link'";
    let organisation = app.organisation_of(SCHOOL).await;
    assert_eq!(texts(&mut app.database.owner(), trace), [format!("link {organisation}")]);
}

#[actix_web::test]
async fn policies_know_what_a_link_opens_until_the_transaction_that_uses_it_has_ended() {
    let app = TestApp::start().await;
    let resource = Uuid::now_v7();
    link_for(&app, SCHOOL, resource).await.unwrap();
    let holder = holder(&app).await;
    assert_eq!(app.db.read(&holder, linked).await.unwrap(), Some(resource));
    let within = app.db.write(&holder, |conn| {
        burn(conn)?;
        linked(conn)
    });
    assert_eq!(within.await.unwrap(), Some(resource));
    assert_eq!(app.db.read(&holder, linked).await.unwrap(), None);
    let (school, _) = school(&app, SCHOOL).await;
    assert_eq!(app.db.read(&school, linked).await.unwrap(), None);
}

#[actix_web::test]
async fn a_new_link_revokes_the_one_before_it_and_nobody_elses() {
    let app = TestApp::start().await;
    let resource = Uuid::now_v7();
    let first = link_for(&app, SCHOOL, resource).await.unwrap();
    let second = link_for(&app, SCHOOL, resource).await.unwrap();
    get(&app, "/v1/link", first.reveal()).await.is_problem(401, "invalid-token");
    get(&app, "/v1/link", second.reveal()).await.is(200);

    let other = link_for(&app, OTHER_SCHOOL, resource).await;
    assert!(matches!(other, Err(Error::Conflict { .. })), "{other:?}");
    let (other, _) = school(&app, OTHER_SCHOOL).await;
    let revoke = move |conn: &mut Conn| revoke_for(conn, LinkPurpose::Agreement, resource);
    assert!(!app.db.write(&other, revoke).await.unwrap());
    get(&app, "/v1/link", second.reveal()).await.is(200);
    let (own, _) = school(&app, SCHOOL).await;
    assert!(app.db.write(&own, revoke).await.unwrap());
    get(&app, "/v1/link", second.reveal()).await.is_problem(401, "invalid-token");
}
