//! `serve` and `demo`.

use std::net::TcpListener;
use std::sync::Arc;

use super::Failure;
use super::store::{Store, pool};
use crate::app::{Parts, Service};
use crate::auth::keys::KeyRing;
use crate::config::{Database, Mode, Settings};
use crate::db::Db;
use crate::demo;
use crate::http::middleware::Origins;
use crate::http::server::{ServerSettings, serve as listen, serve_admin};
use crate::telemetry::{self, LogFormat};

/// Serves the API until SIGTERM or SIGINT.
pub(super) async fn serve(settings: Settings) -> Result<(), Failure> {
    refuse_demo_in_production(&settings)?;
    let format = if settings.mode == Mode::Production { LogFormat::Json } else { LogFormat::Readable };
    let telemetry = telemetry::start(format, &settings.log).map_err(Failure::of)?;
    let store = Store::open(&settings.database, settings.mode)?;
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
    let service = Service::new(Parts {
        db: db.clone(),
        master: store.master.clone(),
        keys: Arc::clone(&keys),
        base_url: base_url.clone(),
        origins: Origins::new(settings.allowed_origins.clone()).map_err(Failure::of)?,
        limits: settings.limits,
    })
    .map_err(Failure::of)?;
    if settings.demo {
        demo::prepare(&db, &store.master, &keys, &base_url, &store.folder).await.map_err(Failure::of)?;
    }
    announce(&base_url, &store, settings.demo);
    actix_web::rt::spawn(Arc::clone(&keys).keep_fresh(db));
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
    let admin_handle = admin.as_ref().map(actix_web::dev::Server::handle);
    if let Some(admin) = admin {
        actix_web::rt::spawn(admin);
    }
    let app = service.clone();
    listen(listener, &server, move || app.app()).map_err(Failure::of)?.await.map_err(Failure::of)?;
    if let Some(admin) = admin_handle {
        admin.stop(false).await;
    }
    Ok(())
}

/// `demo`: loads the demo data into a development database that holds nothing yet.
pub(super) async fn load_demo(database: Database) -> Result<(), Failure> {
    let store = Store::open(&database, Mode::Development)?;
    let db = Db::new(&store.app_url, pool(&database), None);
    let keys = Arc::new(KeyRing::new(store.master.clone()));
    keys.refresh(&db).await.map_err(Failure::of)?;
    let base_url = "http://127.0.0.1:8080";
    demo::prepare(&db, &store.master, &keys, base_url, &store.folder).await.map_err(Failure::of)?;
    println!("{}", store.folder.join(demo::CLIENTS_FILE).display());
    Ok(())
}

fn refuse_demo_in_production(settings: &Settings) -> Result<(), Failure> {
    if settings.mode == Mode::Production && (settings.demo || settings.today.is_some()) {
        return Err(Failure::Failed("Demo mode and a fixed business date are refused in production mode.".to_owned()));
    }
    Ok(())
}

/// Tells a person at the terminal where everything is, with a ready first call per role.
fn announce(base_url: &str, store: &Store, demo: bool) {
    println!("API   {base_url}/v1\nDocs  {base_url}/docs/\nData  {}", store.folder.display());
    if !demo {
        return;
    }
    let file = store.folder.join(demo::CLIENTS_FILE);
    println!("Demo  {}\n", file.display());
    let mut shown = Vec::new();
    for client in demo::read_clients(&store.folder).unwrap_or_default() {
        if !shown.contains(&client.role) {
            println!(
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
}
