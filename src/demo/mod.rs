//! The demo data: the five initiatives with their real titles and partners, loaded through the
//! API itself, each call by the client whose work it is. Persons are made up.
//!
//! While it loads, the operator's client bears a name that says so; the last call gives it its
//! own. A load that was interrupted therefore never counts as complete. It is resumed by making
//! the same calls again: their Idempotency-Keys bring back the first answers.

mod calls;
mod clients;
mod data;
mod education;
mod error;
mod ground;
mod initiatives;
mod mentors;
mod offers;
mod placements;
mod regions;
mod requests;
mod rosters;
mod state;
mod students;
mod world;

use std::path::Path;
use std::sync::Arc;

use futures_util::future::try_join_all;
use serde_json::json;
use tracing::instrument::WithSubscriber as _;

use self::calls::Api;
use self::data::Data;
use self::ground::Credentials;
use self::state::{Progress, Start};
use self::world::{Collection, World};
use crate::app::{Parts, Service};
use crate::auth::keys::{KeyRing, MasterKey};
use crate::config::Limits;
use crate::db::{Db, Job, today};
use crate::error::Error;
use crate::http::middleware::Origins;
use crate::http::proxies::Proxies;
use crate::telemetry::{LogFormat, subscriber};

pub use clients::{CLIENTS_FILE, DemoClient, read_clients, write_clients};
pub use error::LoadError;

/// A process that calls itself needs no limit.
const UNLIMITED: Limits = Limits { requests_per_second: 0, burst: 0 };

/// Sees to it that the demo data is loaded and that `demo-clients.json` in `folder` fits it.
///
/// # Errors
/// As [`load`], and when the file cannot be written.
pub async fn prepare(
    db: &Db,
    master: &MasterKey,
    keys: &Arc<KeyRing>,
    base_url: &str,
    folder: &Path,
) -> Result<(), LoadError> {
    let mut clients = load(db, master, keys, base_url).await?;
    if clients.is_empty() && !state::are_known(db, &Data::read()?, &read_clients(folder).unwrap_or_default()).await? {
        clients = state::reissue(db, &Data::read()?).await?;
    }
    Ok(write_clients(folder, base_url, &clients)?)
}

/// Loads the demo data into a database that holds nothing yet; returns its clients. None come
/// back when the data is there already.
///
/// # Errors
/// When a call is refused, which is a defect of the data or of ours; when the database holds
/// other data; 503.
pub async fn load(
    db: &Db,
    master: &MasterKey,
    keys: &Arc<KeyRing>,
    base_url: &str,
) -> Result<Vec<DemoClient>, LoadError> {
    let data = Data::read()?;
    let start = match state::progress(db, &data).await? {
        Progress::Complete => return Ok(Vec::new()),
        Progress::Interrupted(operator) => state::resume(db, &operator).await?,
        Progress::Nothing => state::begin(db, &data).await?,
    };
    let db = db.with_own_standings();
    let service = Service::new(Parts {
        db: db.clone(),
        master: master.clone(),
        keys: Arc::clone(keys),
        base_url: base_url.to_owned(),
        origins: Origins::new(Vec::<String>::new()).map_err(Error::internal)?,
        limits: UNLIMITED,
        proxies: Proxies::default(),
    })?;
    // Only what goes wrong is worth a line.
    let quiet = subscriber(LogFormat::Readable, "warn", std::io::stderr).map_err(Error::internal)?;
    enter_all(&service, &db, master, &data, start).with_subscriber(quiet).await
}

async fn enter_all(
    service: &Service,
    db: &Db,
    master: &MasterKey,
    data: &Data,
    start: Start,
) -> Result<Vec<DemoClient>, LoadError> {
    let operator = data.operator()?;
    let today = db.run_as_system(Job::SignIn, today).await?.0;
    let world = World::new(Api::of(service, master).await, data, start.resumed, today);
    world.learn(Collection::Organisations, &operator.organisation, start.organisation);
    world.sign_in(operator, &start.client, &start.secret).await?;
    let mut clients = vec![Credentials { client: operator, id: start.client, secret: start.secret }];
    clients.extend(ground::enter(&world, operator).await?);
    for credentials in clients.iter().skip(1) {
        world.sign_in(credentials.client, &credentials.id, &credentials.secret).await?;
    }
    let former = try_join_all(data.regions.iter().map(|region| regions::enter(&world, region))).await?;
    education::enter(&world).await?;
    students::enter(&world).await?;
    rosters::enter(&world).await?;
    let mut entered = Vec::new();
    for initiative in &data.initiatives {
        entered.push(initiatives::enter(&world, initiative).await?);
    }
    try_join_all(entered.iter().map(|entered| initiatives::complete(&world, entered))).await?;
    db.forget_standings();
    mentors::enter(&world).await?;
    offers::enter(&world).await?;
    placements::enter(&world).await?;
    for former in former.iter().flatten() {
        regions::end(&world, former).await?;
    }
    finish(&world, &clients).await?;
    clients.iter().map(|made| DemoClient::of(data, made.client, &made.id, &made.secret)).collect()
}

/// Gives the operator's client its own name, by which the load is complete.
async fn finish(world: &World<'_>, clients: &[Credentials<'_>]) -> Result<(), LoadError> {
    let Some(operator) = clients.first() else { return Ok(()) };
    let (token, path) = (world.token(operator.client)?, format!("/v1/api-clients/{}", operator.id));
    let loading = world.api.get(&token, &path).await?;
    world.api.patch(&token, &path, &loading, &json!({ "name": operator.client.name })).await
}
