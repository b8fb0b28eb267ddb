//! `serve` and `demo`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::dev::Server;
use futures_util::future::{Either, join, select};

use super::Failure;
use super::mails::{self, Mails};
use super::signals::Signals;
use super::store::{Store, check_when_reachable, pool};
use crate::app::{Parts, Service};
use crate::auth::keys::KeyRing;
use crate::config::{Database, Mode, Settings};
use crate::db::{Db, Sweep};
use crate::demo;
use crate::education::roster_imports::{LAPSED_IMPORTS, Worker};
use crate::http::idempotency::LAPSED_KEYS;
use crate::http::middleware::Origins;
use crate::http::proxies::Proxies;
use crate::http::server::{ServerSettings, serve as listen, serve_admin};
use crate::placements::placement_transitions::RESERVATIONS_OVER;
use crate::placements::requests::PERIODS_OVER;
use crate::telemetry::{self, LogFormat, Metrics};

/// What is swept, in this order.
const SWEEPS: &[Sweep] = &[RESERVATIONS_OVER, PERIODS_OVER, LAPSED_KEYS, LAPSED_IMPORTS];

const NO_DEMO_IN_PRODUCTION: &str = "Demo data and a fixed business date are refused in production mode.";

/// Serves the API until SIGTERM or SIGINT.
pub(super) async fn serve(settings: Settings) -> Result<(), Failure> {
    check_mode(&settings)?;
    let format = if settings.database.mode == Mode::Production { LogFormat::Json } else { LogFormat::Readable };
    let telemetry = telemetry::start(format, &settings.log).map_err(Failure::of)?;
    let store = Store::open(&settings.database)?;
    let pool = pool(&settings.database);
    let db = Db::new(&store.app_url, pool, settings.today);
    let keys = Arc::new(KeyRing::new(store.master.clone()));
    if let Err(error) = keys.refresh(&db).await {
        tracing::warn!(%error, "keys.refresh_failed: starting without signing keys, will keep trying");
    }
    let listener = TcpListener::bind(settings.listen)
        .map_err(|error| Failure::Failed(format!("Cannot listen on {}: {error}.", settings.listen)))?;
    let address = listener.local_addr().map_err(Failure::of)?;
    let base_url = settings.base_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let mails = Mails::of(&settings, &base_url, &store.folder)?;
    let service = Service::new(Parts {
        db: db.clone(),
        master: store.master.clone(),
        keys: Arc::clone(&keys),
        base_url: base_url.clone(),
        origins: Origins::new(settings.allowed_origins.clone()).map_err(Failure::of)?,
        limits: settings.limits,
        proxies: Proxies::trusted(&settings.trusted_proxies),
    })
    .map_err(Failure::of)?;
    // Before anybody can know that we are here, so that none of their signals is lost.
    let signals = Signals::install().map_err(Failure::of)?;
    let mut server = ServerSettings::for_pool(usize::try_from(pool.size).unwrap_or(4));
    server.workers = settings.workers.unwrap_or(server.workers);
    let admin = TcpListener::bind(settings.admin_listen)
        .and_then(|listener| serve_admin(listener, telemetry.metrics.clone(), service.readiness()));
    let admin = match admin {
        Ok(admin) => Some(admin),
        Err(error) => {
            tracing::warn!(%error, address = %settings.admin_listen, "admin.not_listening: no metrics will be served");
            None
        }
    };
    let admin_handle = admin.as_ref().map(Server::handle);
    if let Some(admin) = admin {
        actix_web::rt::spawn(admin);
    }
    let readiness = service.readiness();
    if settings.demo {
        readiness.announce_loading();
    }
    let running = listen(listener, &server, move || service.app()).map_err(Failure::of)?;
    let handle = running.handle();
    let refusal = Arc::new(OnceLock::new());
    if !store.checked {
        let (app_url, refusal) = (store.app_url.clone(), Arc::clone(&refusal));
        actix_web::rt::spawn(async move {
            let refused = check_when_reachable(app_url).await;
            tracing::error!(%refused, "db.login_refused: stopping, the row policies would not bind");
            let _ = refusal.set(refused.to_string());
            handle.stop(true).await;
        });
    }
    let drain = Duration::from_secs(settings.drain_seconds);
    actix_web::rt::spawn(signals.stop(running.handle(), readiness.clone(), drain));
    announce(&base_url, &store.folder, mails.folder.as_deref());
    let begin = async {
        if settings.demo {
            demo::prepare(&db, &store.master, &keys, &base_url, &store.folder).await.map_err(Failure::of)?;
            readiness.announce_loaded();
            announce_demo(&base_url, &store.folder);
        }
        // Not before all data is there: what they do would come between its steps.
        let rosters = Worker::start(&db).map_err(Failure::of)?;
        let mails = mails::start(&db, &store.master, mails.post).map_err(Failure::of)?;
        spawn_upkeep(db.clone(), Arc::clone(&keys), telemetry.metrics.clone());
        Ok((rosters, mails))
    };
    let ended = run_beside(running, begin).await;
    if let Some(admin) = admin_handle {
        admin.stop(false).await;
    }
    match refusal.get() {
        Some(refused) => Err(Failure::Failed(refused.clone())),
        None => ended,
    }
}

/// Serves while the work beside it begins, and lets that go on until the server stops. Who stops the
/// server ends a beginning too; one that fails stops the server.
async fn run_beside<W>(running: Server, begin: impl Future<Output = Result<W, Failure>>) -> Result<(), Failure> {
    let handle = running.handle();
    match select(running, pin!(begin)).await {
        Either::Left((stopped, _)) => stopped.map_err(Failure::of),
        Either::Right((Ok(work), running)) => {
            let stopped = running.await;
            drop(work);
            stopped.map_err(Failure::of)
        }
        Either::Right((Err(refused), running)) => {
            // It stops as it is told to only while it is waited for.
            let _ = join(running, handle.stop(false)).await;
            Err(refused)
        }
    }
}

/// `demo`: loads the demo data into a development database that holds nothing yet.
pub(super) async fn load_demo(database: Database) -> Result<(), Failure> {
    if database.mode == Mode::Production {
        return Err(Failure::Failed(NO_DEMO_IN_PRODUCTION.to_owned()));
    }
    let store = Store::open(&database)?;
    let db = Db::new(&store.app_url, pool(&database), None);
    let keys = Arc::new(KeyRing::new(store.master.clone()));
    keys.refresh(&db).await.map_err(Failure::of)?;
    let base_url = "http://127.0.0.1:8080";
    demo::prepare(&db, &store.master, &keys, base_url, &store.folder).await.map_err(Failure::of)?;
    println!("{}", store.folder.join(demo::CLIENTS_FILE).display());
    Ok(())
}

/// Production takes real data only, and knows under which URL it is reached.
fn check_mode(settings: &Settings) -> Result<(), Failure> {
    if settings.database.mode == Mode::Development {
        return Ok(());
    }
    if settings.demo || settings.today.is_some() {
        return Err(Failure::Failed(NO_DEMO_IN_PRODUCTION.to_owned()));
    }
    if settings.base_url.is_none() {
        return Err(Failure::Failed(
            "In production mode BASE_URL must be given: the https address under which callers reach the service."
                .to_owned(),
        ));
    }
    Ok(())
}

/// What goes on beside the requests: keys stay fresh, figures are folded, lapsed rows go.
fn spawn_upkeep(db: Db, keys: Arc<KeyRing>, metrics: Metrics) {
    const FOLD: Duration = Duration::from_secs(5);
    actix_web::rt::spawn(keys.keep_fresh(db.clone()));
    actix_web::rt::spawn(async move {
        loop {
            tokio::time::sleep(FOLD).await;
            metrics.fold();
        }
    });
    actix_web::rt::spawn(Sweep::keep_up(SWEEPS, db));
}

/// Tells a person at the terminal where everything is. That nobody reads it is no reason to stop.
fn announce(base_url: &str, folder: &Path, mails: Option<&Path>) {
    let mut text = format!("API   {base_url}/v1\nDocs  {base_url}/docs/\nData  {}\n", folder.display());
    if let Some(mails) = mails {
        let _ = writeln!(text, "Mails {}", mails.display());
    }
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Tells where the demo's clients are, with a ready first call per role.
fn announce_demo(base_url: &str, folder: &Path) {
    let mut text = format!("Demo  {}\n\n", folder.join(demo::CLIENTS_FILE).display());
    let mut shown = Vec::new();
    for client in demo::read_clients(folder).unwrap_or_default() {
        if !shown.contains(&client.role) {
            let _ = writeln!(
                text,
                "# {} ({})\nTOKEN=$(curl -s -u {}:{} -d grant_type=client_credentials {base_url}/oauth/token | grep -o 'eyJ[^\"]*')\ncurl -s -H \"Authorization: Bearer $TOKEN\" {base_url}/v1/{}\n",
                client.role,
                client.organisation,
                client.client_id,
                client.client_secret,
                client.first_call(),
            );
            shown.push(client.role);
        }
    }
    let _ = std::io::stdout().write_all(text.as_bytes());
}
