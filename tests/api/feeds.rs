//! The `updatedSince` feeds: complete whatever commits when, each change once, and a word on
//! what left one's view.

use diesel::{Connection as _, PgConnection, RunQueryDsl as _, connection::SimpleConnection as _, sql_query};
use serde_json::{Value, json};

use crate::students::School;
use crate::support::{Answer, Cluster, TestApp, TestClient};

const BUREAU: &str = "demo-regio-midden-brabant";
const OTHER_BUREAU: &str = "demo-regio-zeeland";
const PRACTICE: &str = "demo-praktijk-eerste-eik";
const NEIGHBOUR: &str = "demo-praktijk-tweede-beuk";
/// A school of another region.
const SCHOOL: &str = "demo-school-scalda";

async fn sync(client: &TestClient, collection: &str, since: &str) -> Answer {
    Cluster::shared().settle();
    sync_now(client, collection, since).await
}

async fn sync_now(client: &TestClient, collection: &str, since: &str) -> Answer {
    client.get(&format!("/v1/{collection}?limit=200&updatedSince={since}")).await.is(200)
}

async fn begin(client: &TestClient, collection: &str) -> String {
    token(&sync(client, collection, "2000-01-01T00:00:00Z").await)
}

fn token(page: &Answer) -> String {
    page.text_at("/nextUpdatedSince")
}

fn ids(page: &Answer, list: &str) -> Vec<String> {
    let json = page.json();
    let items = json[list].as_array().unwrap_or_else(|| panic!("no {list}"));
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// Enters an initiative in Midden-Brabant; returns its path and id.
async fn enter(app: &TestApp, bureau: &TestClient, code: &str, published: bool) -> (String, String) {
    let body = json!({
        "code": code,
        "title": format!("Proef {code}"),
        "regionId": bureau.get("/v1/me").await.is(200).text_at("/regions/0/id"),
        "leadOrganisationId": app.organisation_of(PRACTICE).await,
        "published": published,
    });
    let made = bureau.post("/v1/initiatives", &body).await.is(201);
    (made.header("location"), made.text_at("/id"))
}

#[actix_web::test]
async fn a_sync_of_initiatives_tells_each_change_once() {
    let app = TestApp::start().await;
    let bureau = app.client(BUREAU).await;
    let everything = sync(&bureau, "initiatives", "2000-01-01T00:00:00Z").await;
    let mut listed = ids(&bureau.get("/v1/initiatives?limit=200").await.is(200), "items");
    let mut told = ids(&everything, "items");
    told.sort();
    listed.sort();
    assert_eq!(told, listed);
    let start = token(&everything);
    assert!(sync(&bureau, "initiatives", &start).await.items().is_empty(), "what did not change is not repeated");

    let (first, first_id) = enter(&app, &bureau, "een", false).await;
    let (_, second_id) = enter(&app, &bureau, "twee", false).await;
    bureau.change(&first, &json!({ "title": "Proef die veranderde" })).await.is(200);
    let news = sync(&bureau, "initiatives", &start).await;
    assert_eq!(ids(&news, "items"), [second_id.as_str(), first_id.as_str()], "in the order of the last change");
    assert_eq!(news.items()[1], bureau.get(&first).await.is(200).json());
    assert!(sync(&bureau, "initiatives", &token(&news)).await.items().is_empty());

    let (mut read, mut path) = (Vec::new(), format!("/v1/initiatives?limit=1&updatedSince={start}"));
    loop {
        let page = bureau.get(&path).await.is(200);
        read.extend(ids(&page, "items"));
        let Some(cursor) = page.json()["nextCursor"].as_str().map(str::to_owned) else { break };
        path = format!("/v1/initiatives?limit=1&updatedSince={start}&cursor={cursor}");
    }
    assert_eq!(read, [second_id, first_id]);
}

#[actix_web::test]
async fn a_change_that_commits_late_is_not_missed() {
    let app = TestApp::start().await;
    let bureau = app.client(BUREAU).await;
    let (quick, quick_id) = enter(&app, &bureau, "vlug", false).await;
    let (_, slow_id) = enter(&app, &bureau, "traag", false).await;
    let own = app.organisation_of(BUREAU).await;
    for (collection, slow) in [("initiatives", &slow_id), ("organisations", &app.organisation_of(PRACTICE).await)] {
        let start = begin(&bureau, collection).await;
        let mut other = PgConnection::establish(&app.database.owner_url).unwrap();
        other.batch_execute("BEGIN").unwrap();
        let change = format!("UPDATE {collection} SET version = version + 1 WHERE id = '{slow}'");
        assert_eq!(sql_query(change).execute(&mut other).unwrap(), 1);

        // Changed later, committed sooner.
        let (path, later) = if collection == "initiatives" {
            (quick.clone(), quick_id.clone())
        } else {
            (format!("/v1/organisations/{own}"), own.clone())
        };
        let body = if collection == "initiatives" { json!({ "summary": "Later" }) } else { json!({ "phone": null }) };
        bureau.change(&path, &body).await.is(200);

        let during = sync_now(&bureau, collection, &start).await;
        assert!(during.items().is_empty(), "{collection}: what comes after an open transaction waits for it");
        other.batch_execute("COMMIT").unwrap();
        let after = sync(&bureau, collection, &token(&during)).await;
        assert_eq!(ids(&after, "items"), [slow.as_str(), later.as_str()], "{collection}");
        assert!(sync(&bureau, collection, &token(&after)).await.items().is_empty(), "{collection}");
    }
}

#[actix_web::test]
async fn a_partner_hears_of_the_initiative_when_it_comes_and_when_it_goes() {
    let app = TestApp::start().await;
    let (bureau, school) = (app.client(BUREAU).await, app.client(SCHOOL).await);
    let (initiative, id) = enter(&app, &bureau, "proef", false).await;
    let start = begin(&school, "initiatives").await;
    assert!(sync(&school, "initiatives", &start).await.items().is_empty());

    let organisation = app.organisation_of(SCHOOL).await;
    let new = json!({ "organisationId": organisation, "role": "education", "effectiveFrom": "2018-07-01" });
    let partner = bureau.post(&format!("{initiative}/partners"), &new).await.is(201);
    let came = sync(&school, "initiatives", &start).await;
    assert_eq!(ids(&came, "items"), [id.as_str()]);

    let before = begin(&bureau, "initiatives").await;
    bureau.delete(&partner.header("location"), &partner.header("etag")).await.is(204);
    let gone = sync(&school, "initiatives", &token(&came)).await;
    assert_eq!((ids(&gone, "items"), ids(&gone, "removed")), (Vec::new(), vec![id.clone()]));
    let afterwards = sync(&school, "initiatives", &token(&gone)).await;
    assert!(ids(&afterwards, "removed").is_empty(), "a tombstone is told once");
    let own = sync(&bureau, "initiatives", &before).await;
    assert_eq!((ids(&own, "items"), ids(&own, "removed")), (vec![id.clone()], Vec::new()), "it is still theirs");

    bureau.post(&format!("{initiative}/partners"), &new).await.is(201);
    let back = sync(&school, "initiatives", &token(&came)).await;
    assert_eq!((ids(&back, "items"), ids(&back, "removed")), (vec![id], Vec::new()), "what came back is not gone");
}

#[actix_web::test]
async fn what_is_no_longer_published_is_gone_for_strangers_only() {
    let app = TestApp::start().await;
    let (bureau, stranger) = (app.client(BUREAU).await, app.client(OTHER_BUREAU).await);
    let (initiative, id) = enter(&app, &bureau, "proef", true).await;
    let hidden = begin(&stranger, "initiatives").await;
    bureau.post(&format!("{initiative}/transitions"), &json!({ "to": "submitted" })).await.is(200);
    let shown = sync(&stranger, "initiatives", &hidden).await;
    assert_eq!(ids(&shown, "items"), [id.as_str()]);
    bureau.change(&initiative, &json!({ "published": false })).await.is(200);
    let gone = sync(&stranger, "initiatives", &token(&shown)).await;
    assert_eq!((ids(&gone, "items"), ids(&gone, "removed")), (Vec::new(), vec![id.clone()]));
    let own = sync(&bureau, "initiatives", &token(&shown)).await;
    assert_eq!((ids(&own, "items"), ids(&own, "removed")), (vec![id], Vec::new()));
}

#[actix_web::test]
async fn a_list_is_no_feed() {
    let app = TestApp::start().await;
    let bureau = app.client(BUREAU).await;
    let list = bureau.get("/v1/initiatives").await.is(200).json();
    assert_eq!((&list["nextUpdatedSince"], &list["removed"]), (&Value::Null, &json!([])));
    bureau.get("/v1/initiatives?updatedSince=yesterday").await.has_fault("/updatedSince", "malformed");
    bureau.get("/v1/initiatives?updatedSince=s999999999999").await.is_problem(400, "unknown-updated-since");
}

#[actix_web::test]
async fn who_was_no_member_after_all_hears_what_it_no_longer_sees() {
    let app = TestApp::start().await;
    let (bureau, neighbour) = (app.client(BUREAU).await, app.client(NEIGHBOUR).await);
    let (initiative, id) = enter(&app, &bureau, "proef", false).await;
    bureau.post(&format!("{initiative}/transitions"), &json!({ "to": "submitted" })).await.is(200);
    let start = begin(&neighbour, "initiatives").await;
    let region = bureau.get("/v1/me").await.is(200).text_at("/regions/0/id");
    let memberships = format!("/v1/regions/{region}/memberships");
    let own = format!("{memberships}?organisationId={}", app.organisation_of(NEIGHBOUR).await);
    let found = bureau.get(&own).await.is(200).items();
    assert_eq!(found.len(), 1);
    let membership = format!("{memberships}/{}", found[0]["id"].as_str().unwrap());

    bureau.change(&membership, &json!({ "effectiveTo": "2020-01-01" })).await.is(200);
    let ended = sync(&neighbour, "initiatives", &start).await;
    assert!(ids(&ended, "removed").is_empty(), "an ended membership keeps its sight");
    bureau.change(&membership, &json!({ "withdrawn": true })).await.is(200);
    app.db.forget_standings();
    let gone = sync(&neighbour, "initiatives", &token(&ended)).await;
    assert!(ids(&gone, "removed").contains(&id));
    neighbour.get(&initiative).await.is_problem(404, "not-found");
    for removed in ids(&gone, "removed") {
        neighbour.get(&format!("/v1/initiatives/{removed}")).await.is_problem(404, "not-found");
    }
}

/// What a bureau sees of its region.
const OF_A_REGION: [&str; 4] = ["initiatives", "placement-offers", "placement-requests", "placements"];

/// The region of a bureau, with an initiative and a request of its own.
async fn region_with_all(app: &TestApp) -> String {
    let bureau = app.client(BUREAU).await;
    enter(app, &bureau, "proef", false).await;
    let region = bureau.get("/v1/me").await.is(200).text_at("/regions/0/id");
    let school = School::of(app, "demo-school-roc-tilburg").await;
    let asked = json!({
        "studentId": school.enter("x", json!({})).await, "regionId": region,
        "startsOn": "2031-09-01", "endsOn": "2032-01-31",
    });
    school.client.post("/v1/placement-requests", &asked).await.is(201);
    region
}

/// The platform gives a region to the other bureau.
async fn hand_over(app: &TestApp, region: &str) {
    let (platform, to) = (app.client("demo-platform").await, app.organisation_of(OTHER_BUREAU).await);
    platform.change(&format!("/v1/regions/{region}"), &json!({ "bureauOrganisationId": to })).await.is(200);
    app.db.forget_standings();
}

#[actix_web::test]
async fn the_former_bureau_of_a_region_hears_that_all_of_it_is_gone() {
    let app = TestApp::start().await;
    let (former, region) = (app.client(BUREAU).await, region_with_all(&app).await);
    let mut before = Vec::new();
    for collection in OF_A_REGION {
        let listed = ids(&former.get(&format!("/v1/{collection}?limit=200&regionId={region}")).await.is(200), "items");
        assert!(!listed.is_empty(), "{collection}");
        before.push((collection, begin(&former, collection).await, listed));
    }
    hand_over(&app, &region).await;
    for (collection, since, listed) in before {
        let removed = ids(&sync(&former, collection, &since).await, "removed");
        let mut gone = 0;
        for id in listed {
            let seen = former.get(&format!("/v1/{collection}/{id}")).await.status == 200;
            assert_eq!(removed.contains(&id), !seen, "{collection}/{id}");
            gone += usize::from(!seen);
        }
        assert!(gone > 0, "{collection}");
    }
}

#[actix_web::test]
async fn the_new_bureau_of_a_region_hears_of_all_that_was_there() {
    let app = TestApp::start().await;
    let (bureau, region) = (app.client(OTHER_BUREAU).await, region_with_all(&app).await);
    let mut before = Vec::new();
    for collection in OF_A_REGION {
        before.push((collection, begin(&bureau, collection).await));
    }
    hand_over(&app, &region).await;
    for (collection, since) in &mut before {
        let early = sync(&bureau, collection, since).await;
        assert!(early.items().is_empty(), "{collection}: not with a token of the time before");
        *since = token(&early);
    }
    let later = "UPDATE regions SET handed_over_at = handed_over_at - interval '16 minutes'";
    app.database.owner().batch_execute(later).unwrap();
    let bureau = app.client(OTHER_BUREAU).await;
    for (collection, since) in before {
        let path = format!("/v1/{collection}?limit=200&regionId={region}");
        let listed = ids(&bureau.get(&path).await.is(200), "items");
        assert!(!listed.is_empty(), "{collection}");
        let told = sync(&bureau, collection, &since).await;
        let all = ids(&told, "items");
        assert!(listed.iter().all(|id| all.contains(id)), "{collection}");
        assert!(sync(&bureau, collection, &token(&told)).await.items().is_empty(), "{collection}: once");

        // Whoever keeps what each page says and reads no other comes to the end as well.
        let (mut read, mut next) = (Vec::new(), since);
        loop {
            let page = bureau.get(&format!("/v1/{collection}?limit=7&updatedSince={next}")).await.is(200);
            read.extend(ids(&page, "items"));
            next = token(&page);
            if page.json()["nextCursor"].is_null() {
                break;
            }
        }
        assert!(listed.iter().all(|id| read.contains(id)), "{collection}");

        let long_ago = format!(
            "SET session_replication_role = replica; UPDATE {} SET updated_at = '2020-01-01'",
            collection.replace('-', "_")
        );
        app.database.owner().batch_execute(&long_ago).unwrap();
        let moment =
            (chrono::Utc::now() - chrono::TimeDelta::hours(1)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let told = ids(&sync(&bureau, collection, &moment).await, "items");
        assert!(listed.iter().all(|id| told.contains(id)), "{collection}: since a moment");
    }
}
