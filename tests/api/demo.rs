//! The demo world itself: that it loads on any day, once, and after any interruption.

use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use serde_json::json;
use stagepunt::auth::keys::KeyRing;
use stagepunt::db::{self, Db};
use stagepunt::demo::{self, DemoClient, LoadError};
use stagepunt::kernel::coded::Coded as _;
use stagepunt::placements::placements::PlacementStatus;

use crate::support::{BASE_URL, Cluster, Database, Setting, TestApp, settings};

struct Fresh {
    database: Database,
    db: Db,
    keys: Arc<KeyRing>,
}

/// A migrated database without anything in it.
async fn fresh(today: Option<NaiveDate>) -> Fresh {
    let database = Cluster::shared().empty_database();
    db::migrate(&database.owner_url).unwrap();
    let db = Db::new(&database.app_url, settings(2), today);
    let keys = Arc::new(KeyRing::new(Cluster::shared().master.clone()));
    keys.refresh(&db).await.unwrap();
    Fresh { database, db, keys }
}

impl Fresh {
    async fn load(&self) -> Result<Vec<DemoClient>, LoadError> {
        demo::load(&self.db, &Cluster::shared().master, &self.keys, BASE_URL).await
    }

    /// Starts to load, and stops wherever it is after this time.
    async fn load_for(&self, time: Duration) -> Option<Vec<DemoClient>> {
        tokio::time::timeout(time, self.load()).await.ok().map(Result::unwrap)
    }
}

/// What is there, as each client sees it; how it came about (ids, moments, versions) left out.
async fn seen(app: &TestApp, clients: &[DemoClient]) -> Vec<String> {
    let mut seen = Vec::new();
    for known in clients {
        let client = app.sign_in(&known.client_id, &known.client_secret).await;
        for path in ["organisations", "regions", "initiatives", "hosting-intents", "mandates", "api-clients"] {
            let answer = client.get(&format!("/v1/{path}?limit=200")).await;
            let count = if answer.status == 200 { answer.items().len().to_string() } else { answer.status.to_string() };
            seen.push(format!("{} {path}: {count}", known.key));
        }
        let regions = client.get("/v1/regions").await;
        for region in if regions.status == 200 { regions.items() } else { Vec::new() } {
            let path = format!("/v1/regions/{}/memberships?limit=200", region["id"].as_str().unwrap());
            let members = client.get(&path).await.is(200).items();
            let ended = members.iter().filter(|member| !member["effectiveTo"].is_null()).count();
            seen.push(format!("{} members of {}: {} ({ended} former)", known.key, region["code"], members.len()));
        }
    }
    seen.sort();
    seen
}

#[actix_web::test]
async fn it_loads_on_the_day_of_the_five_stories() {
    let day = NaiveDate::from_ymd_opt(2019, 3, 31);
    let fresh = fresh(day).await;
    let clients = fresh.load().await.unwrap();
    let app = TestApp::on(fresh.database, Setting { today: day, ..Setting::default() }).await;
    let fund = clients.iter().find(|client| client.key == "demo-ssfh-1").unwrap();
    let fund = app.sign_in(&fund.client_id, &fund.client_secret).await;
    let running: Vec<String> = fund
        .get("/v1/initiatives?status=running")
        .await
        .is(200)
        .items()
        .iter()
        .map(|initiative| initiative["title"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(running.len(), 5, "{running:?}");
}

#[actix_web::test]
async fn an_initiative_began_before_it_was_entered() {
    let app = TestApp::start().await;
    let lead = app.client("demo-regio-midden-brabant").await;
    let id = lead.get("/v1/initiatives").await.items()[0]["id"].as_str().unwrap().to_owned();
    let history = lead.get(&format!("/v1/initiatives/{id}/transitions")).await.is(200);
    assert_eq!(history.items().len(), 3);
    assert_eq!(history.text_at("/items/0/to"), "draft");
    assert!(history.text_at("/items/0/effectiveOn").starts_with("2018-"));
}

#[actix_web::test]
async fn twenty_five_interns_of_stagepunt_started_in_2018_and_placements_stand_in_every_state() {
    let app = TestApp::start().await;
    let bureau = app.client("demo-regio-midden-brabant").await;
    let placements = bureau.get("/v1/placements?limit=200").await.is(200).items();
    let of = |status: &str| placements.iter().filter(|one| one["status"] == status).count();
    for status in PlacementStatus::LABELS {
        assert!(of(status.code) > 0, "{}", status.code);
    }
    let never = ["proposed", "reserved", "introduced", "confirmed", "declined", "cancelled"];
    let started = placements.iter().filter(|one| !never.contains(&one["status"].as_str().unwrap()));
    let started = started.filter(|one| one["startsOn"].as_str().unwrap().starts_with("2018-"));
    assert_eq!(started.count(), 25);
}

#[actix_web::test]
async fn some_offers_say_who_guides() {
    let app = TestApp::start().await;
    for key in ["demo-praktijk-eerste-eik", "demo-praktijk-tweede-beuk", "demo-praktijk-eerste-duin"] {
        let practice = app.client(key).await;
        let offers = practice.get("/v1/placement-offers?limit=200").await.is(200).items();
        let mut named = offers.iter().filter_map(|offer| offer["mentorId"].as_str());
        practice.get(&format!("/v1/mentors/{}", named.next().unwrap())).await.is(200);
        assert!(named.next().is_none(), "and others do not");
    }
}

#[actix_web::test]
async fn a_school_handed_its_roster_over() {
    let app = TestApp::start().await;
    let school = app.client("demo-school-deltion").await;
    let done = school.get("/v1/roster-imports?status=done").await.is(200);
    assert_eq!((done.items()[0]["progress"]["created"].clone(), done.items().len()), (json!(200), 1));
}

#[actix_web::test]
async fn a_second_load_changes_nothing() {
    let app = TestApp::start().await;
    let keys = Arc::new(KeyRing::new(Cluster::shared().master.clone()));
    keys.refresh(&app.db).await.unwrap();
    let before = seen(&app, &Cluster::shared().clients).await;
    let loaded = demo::load(&app.db, &Cluster::shared().master, &keys, BASE_URL).await.unwrap();
    assert!(loaded.is_empty());
    assert_eq!(seen(&app, &Cluster::shared().clients).await, before);
}

#[actix_web::test]
async fn an_interrupted_load_is_resumed_to_the_same_world() {
    let fresh = fresh(None).await;
    let mut interruptions = 0;
    let clients = loop {
        let time = Duration::from_millis(400 + 300 * interruptions);
        match fresh.load_for(time).await {
            Some(clients) => break clients,
            None => interruptions += 1,
        }
    };
    assert!(interruptions > 0, "it was never interrupted");
    let resumed = TestApp::on(fresh.database, Setting::default()).await;
    let straight = TestApp::start().await;
    assert_eq!(seen(&resumed, &clients).await, seen(&straight, &Cluster::shared().clients).await);
}

#[actix_web::test]
async fn the_file_of_clients_is_made_again_when_it_is_gone() {
    let app = TestApp::start().await;
    let keys = Arc::new(KeyRing::new(Cluster::shared().master.clone()));
    keys.refresh(&app.db).await.unwrap();
    let folder = std::env::temp_dir().join(format!("stagepunt-test-{}", std::process::id())).join("lost-file");
    std::fs::create_dir_all(&folder).unwrap();
    demo::prepare(&app.db, &Cluster::shared().master, &keys, BASE_URL, &folder).await.unwrap();
    let clients = demo::read_clients(&folder).unwrap();
    assert_eq!(clients.len(), Cluster::shared().clients.len());
    for client in &clients {
        app.sign_in(&client.client_id, &client.client_secret).await;
    }
    // Nothing is reissued while the file fits.
    demo::prepare(&app.db, &Cluster::shared().master, &keys, "http://elsewhere.test", &folder).await.unwrap();
    let again = demo::read_clients(&folder).unwrap();
    assert_eq!(again[0].client_secret, clients[0].client_secret);
}

#[actix_web::test]
async fn other_data_is_left_alone() {
    let fresh = fresh(None).await;
    let founding = stagepunt::auth::command::Founding {
        organisation: serde_json::from_str(r#"{"name": "Beheer in het echt", "kinds": ["support-organisation"]}"#)
            .unwrap(),
        client: "Beheer".parse().unwrap(),
        person_ref: None,
    };
    let founded = stagepunt::auth::command::found_platform(&fresh.db, founding).await.unwrap();
    assert!(matches!(fresh.load().await, Err(LoadError::NotEmpty)));
    let app = TestApp::on(fresh.database, Setting::default()).await;
    let operator = app.sign_in(&founded.issued.client.to_string(), founded.issued.secret.reveal()).await;
    assert_eq!(operator.get("/v1/organisations").await.is(200).items().len(), 1);
}
