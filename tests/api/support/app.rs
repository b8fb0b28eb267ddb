//! A running service on a database of its own.

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use stagepunt::app::{Parts, Service};
use stagepunt::auth::keys::KeyRing;
use stagepunt::config::Limits;
use stagepunt::db::Db;
use stagepunt::http::middleware::Origins;
use stagepunt::http::proxies::Proxies;
use stagepunt::http::server::{ServerSettings, serve};

use super::client::TestClient;
use super::cluster::{Cluster, Database, settings};
use super::trail::Trail;

/// Issuer and audience of the tests' tokens.
pub const BASE_URL: &str = "http://stagepunt.test";

/// A running service; it stops, and its database goes, when the test ends.
pub struct TestApp {
    pub address: String,
    pub database: Arc<Database>,
    pub db: Db,
    http: reqwest::Client,
    server: ServerHandle,
    trail: Arc<Trail>,
}

/// How a test's service differs from the usual one.
pub struct Setting {
    pub limits: Limits,
    pub connections: u32,
    pub origins: Vec<&'static str>,
    pub today: Option<chrono::NaiveDate>,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            limits: Limits { requests_per_second: 0, burst: 0 },
            connections: 4,
            origins: vec!["https://frontend.example"],
            today: None,
        }
    }
}

/// What a test sees is what was answered: redirects are not followed.
fn http() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

impl TestApp {
    /// A service on a copy of the demo world.
    pub async fn start() -> Self {
        Self::with(Setting::default()).await
    }

    /// The same on the day of the demo's five stories, when its interns are at their hosts.
    pub async fn start_in_2019() -> Self {
        Self::with(Setting { today: chrono::NaiveDate::from_ymd_opt(2019, 3, 31), ..Setting::default() }).await
    }

    /// A service that differs from the usual one.
    pub async fn with(setting: Setting) -> Self {
        let cluster = Cluster::shared();
        Self::on(cluster.database(), setting).await
    }

    /// A service on this database.
    pub async fn on(database: Database, setting: Setting) -> Self {
        Self::serving(Arc::new(database), setting, Arc::default()).await
    }

    /// A second service on the same database, with a memory of its own, as another process has.
    pub async fn beside(&self, setting: Setting) -> Self {
        Self::serving(Arc::clone(&self.database), setting, Arc::clone(&self.trail)).await
    }

    async fn serving(database: Arc<Database>, setting: Setting, trail: Arc<Trail>) -> Self {
        let cluster = Cluster::shared();
        let db = Db::new(&database.app_url, settings(setting.connections), setting.today);
        let keys = Arc::new(KeyRing::new(cluster.master.clone()));
        let _ = keys.refresh(&db).await;
        let service = Service::new(Parts {
            db: db.clone(),
            master: cluster.master.clone(),
            keys,
            base_url: BASE_URL.to_owned(),
            origins: Origins::new(setting.origins).unwrap(),
            limits: setting.limits,
            proxies: Proxies::default(),
        })
        .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let mut threads = ServerSettings::for_pool(4);
        threads.workers = 1;
        let server = serve(listener, &threads, move || service.app()).unwrap();
        let handle = server.handle();
        std::thread::spawn(move || actix_web::rt::System::new().block_on(server));
        Self { address, database, db, http: http(), server: handle, trail }
    }

    /// The client of the demo world with this key, signed in with everything it may do.
    pub async fn client(&self, key: &str) -> TestClient {
        let known = Cluster::shared().clients.iter().find(|client| client.key == key);
        let known = known.unwrap_or_else(|| panic!("the demo world has no client {key}"));
        self.sign_in(&known.client_id, &known.client_secret).await
    }

    /// Somebody with a token for these credentials.
    pub async fn sign_in(&self, id: &str, secret: &str) -> TestClient {
        let answer = self
            .http
            .post(format!("{}/oauth/token", self.address))
            .basic_auth(id, Some(secret))
            .form(&[("grant_type", "client_credentials")])
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "{id} cannot sign in");
        let body: serde_json::Value = answer.json().await.unwrap();
        let token = body["access_token"].as_str().unwrap().to_owned();
        self.with_token(Some(token))
    }

    /// Somebody with this token, or with none.
    pub fn with_token(&self, token: Option<String>) -> TestClient {
        TestClient::new(self.http.clone(), self.address.clone(), token, Arc::clone(&self.trail))
    }

    /// Somebody without a token.
    pub fn anyone(&self) -> TestClient {
        self.with_token(None)
    }

    /// The id of the organisation that a client of the demo world speaks for.
    pub async fn organisation_of(&self, key: &str) -> String {
        let me = self.client(key).await.get("/v1/me").await.is(200);
        me.text_at("/organisation/id")
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        drop(self.server.stop(false));
        if !std::thread::panicking() {
            assert_eq!(
                self.trail.missing(&self.database),
                Vec::<String>::new(),
                "changed without a row in audit_events"
            );
        }
    }
}
