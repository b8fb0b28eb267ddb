//! One PostgreSQL per test binary, one database per test, copied from a template.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query};
use stagepunt::auth::keys::{KeyRing, MasterKey};
use stagepunt::db::{self, Db, Environment, Options, PoolSettings, PrivatePostgres};
use stagepunt::demo::{self, DemoClient};
use stagepunt::education::roster_imports::Worker;

use super::app::BASE_URL;
use super::texts;

/// The server of this test binary with its template.
pub struct Cluster {
    server: PrivatePostgres,
    app_password: String,
    made: AtomicU32,
    /// The clients of the demo world, the same in every database.
    pub clients: Vec<DemoClient>,
    pub master: MasterKey,
}

/// A database of one test; dropped with it.
pub struct Database {
    name: String,
    pub app_url: String,
    pub owner_url: String,
}

const TEMPLATE: &str = "world";

impl Cluster {
    /// The one cluster, started on first use.
    pub fn shared() -> &'static Self {
        static CLUSTER: OnceLock<Cluster> = OnceLock::new();
        // The world is loaded on a thread of its own: the test that comes first is inside a runtime.
        CLUSTER.get_or_init(|| std::thread::spawn(Self::start).join().unwrap())
    }

    fn start() -> Self {
        let folder = fresh_folder();
        let environment = Environment { path: std::env::var_os("PATH"), ..Environment::default() };
        let server =
            PrivatePostgres::start(&folder, &environment, Options { fsync: false, max_connections: 400 }).unwrap();
        db::create_database(&server.owner_url("postgres"), TEMPLATE).unwrap();
        let owner_url = server.owner_url(TEMPLATE);
        db::migrate(&owner_url).unwrap();
        let app_url = db::app_login(&owner_url).unwrap();
        let app_password = app_url.split(':').nth(2).and_then(|rest| rest.split('@').next()).unwrap().to_owned();
        let master = MasterKey::generate().unwrap();
        let clients = actix_web::rt::System::new().block_on(async {
            let db = Db::new(&app_url, settings(2), None);
            let keys = Arc::new(KeyRing::new(master.clone()));
            keys.refresh(&db).await.unwrap();
            let clients = demo::load(&db, &master, &keys, BASE_URL).await.unwrap();
            apply_rosters(&db, &owner_url);
            clients
        });
        Self { server, app_password, made: AtomicU32::new(0), clients, master }
    }

    /// A new database that holds the demo world.
    pub fn database(&self) -> Database {
        let name = format!("test_{}", self.made.fetch_add(1, Ordering::Relaxed));
        let mut conn = PgConnection::establish(&self.server.owner_url("postgres")).unwrap();
        // The loader's pooled connections to the template may take a moment to close.
        let close = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{TEMPLATE}'");
        conn.batch_execute(&close).unwrap();
        conn.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")).unwrap();
        self.named(name)
    }

    /// A new database that holds nothing at all.
    pub fn empty_database(&self) -> Database {
        let name = format!("empty_{}", self.made.fetch_add(1, Ordering::Relaxed));
        db::create_database(&self.server.owner_url("postgres"), &name).unwrap();
        self.named(name)
    }

    /// Waits until every transaction that is open now has ended: transaction numbers are the
    /// cluster's, so a feed rightly waits for the writes of other tests too.
    pub fn settle(&self) {
        #[derive(QueryableByName)]
        struct Open {
            #[diesel(sql_type = diesel::sql_types::Bool)]
            open: bool,
        }
        let mut conn = PgConnection::establish(&self.server.owner_url("postgres")).unwrap();
        conn.batch_execute("CREATE TEMP TABLE mark AS SELECT pg_snapshot_xmax(pg_current_snapshot()) AS mark").unwrap();
        let began = Instant::now();
        loop {
            let now: Open = sql_query("SELECT pg_snapshot_xmin(pg_current_snapshot()) < mark AS open FROM mark")
                .get_result(&mut conn)
                .unwrap();
            if !now.open {
                return;
            }
            assert!(began.elapsed() < Duration::from_mins(1), "a transaction stays open");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The client id of a client of the demo world.
    pub fn client_id(&self, key: &str) -> String {
        let known = self.clients.iter().find(|client| client.key == key);
        known.unwrap_or_else(|| panic!("the demo world has no client {key}")).client_id.clone()
    }

    fn named(&self, name: String) -> Database {
        let port = self.server.port();
        Database {
            app_url: format!("postgres://stagepunt_app:{}@127.0.0.1:{port}/{name}", self.app_password),
            owner_url: self.server.owner_url(&name),
            name,
        }
    }
}

impl Database {
    /// A connection of the owner, whom row policies do not bind.
    pub fn owner(&self) -> PgConnection {
        PgConnection::establish(&self.owner_url).unwrap()
    }

    /// Ends every connection and lets no new one in, as if the server had gone.
    pub fn lock_out(&self) {
        self.alter("ALLOW_CONNECTIONS false");
        self.end_connections();
    }

    /// Changes the database itself, as in `CONNECTION LIMIT 1`.
    pub fn alter(&self, change: &str) {
        server_owner().batch_execute(&format!("ALTER DATABASE {} {change}", self.name)).unwrap();
    }

    /// Gives the app login a setting in this database alone, as in `lock_timeout = '100ms'`; its
    /// connections end, and the next ones have it.
    pub fn set(&self, setting: &str) {
        let sql = format!("ALTER ROLE stagepunt_app IN DATABASE {} SET {setting}", self.name);
        server_owner().batch_execute(&sql).unwrap();
        self.end_connections();
    }

    /// How many connections of the service wait for a lock.
    pub fn waiting(&self) -> usize {
        const LOOK: &str = "SELECT pid::text AS value FROM pg_stat_activity WHERE datname = current_database() \
                            AND usename = 'stagepunt_app' AND wait_event_type = 'Lock'";
        texts(&mut self.owner(), LOOK).len()
    }

    /// Until so many of them do.
    pub async fn until_waiting(&self, connections: usize) {
        let began = Instant::now();
        while self.waiting() < connections {
            assert!(began.elapsed() < Duration::from_secs(10), "nothing waits");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Ends every connection; the next request finds its own dead.
    pub fn end_connections(&self) {
        let end =
            format!("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{}'", self.name);
        server_owner().batch_execute(&end).unwrap();
    }
}

fn server_owner() -> PgConnection {
    PgConnection::establish(&Cluster::shared().server.owner_url("postgres")).unwrap()
}

impl Drop for Database {
    fn drop(&mut self) {
        let Ok(mut conn) = PgConnection::establish(&Cluster::shared().server.owner_url("postgres")) else { return };
        let _ = conn.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

/// Connections of a test's pool.
pub fn settings(size: u32) -> PoolSettings {
    PoolSettings { size, wait: std::time::Duration::from_secs(1) }
}

/// A data folder of this process; those of processes that are gone are removed.
/// Applies the rosters that the demo's schools handed over.
fn apply_rosters(db: &Db, owner_url: &str) {
    #[derive(QueryableByName)]
    struct Unfinished {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        number: i64,
    }
    let _worker = Worker::start(db).unwrap();
    let mut conn = PgConnection::establish(owner_url).unwrap();
    let unfinished = "SELECT count(*) AS number FROM roster_imports WHERE status IN ('queued', 'running')";
    let until = Instant::now() + Duration::from_mins(1);
    while sql_query(unfinished).get_result::<Unfinished>(&mut conn).unwrap().number > 0 {
        assert!(Instant::now() < until, "the rosters of the demo are not applied");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn fresh_folder() -> PathBuf {
    let parent = std::env::temp_dir();
    for entry in std::fs::read_dir(&parent).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(pid) = name.strip_prefix("stagepunt-test-")
            && !std::path::Path::new("/proc").join(pid).exists()
        {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
    parent.join(format!("stagepunt-test-{}", std::process::id()))
}
