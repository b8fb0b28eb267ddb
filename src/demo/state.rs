//! How far the demo data of a database is, and what its operator needs to go on.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::clients::DemoClient;
use super::data::Data;
use super::error::LoadError;
use crate::auth::clients::{ApiClient, ApiClientStatus};
use crate::auth::command::{Founding, found_platform, list_clients, rotate_client};
use crate::db::Db;
use crate::error::Error;
use crate::kernel::role::Role;
use crate::kernel::text::Line;

/// Name of the operator's client while the data is being loaded.
const LOADING: &str = "Demodata worden geladen";
/// For how many days a load can be resumed: as long as answers are kept under their Idempotency-Key.
const RESUMABLE_DAYS: u64 = 3;
const DAY: Duration = Duration::from_hours(24);

/// How far the data is.
pub(super) enum Progress {
    /// Nobody is there.
    Nothing,
    /// A load was interrupted; its operator.
    Interrupted(Box<ApiClient>),
    /// All of it is there.
    Complete,
}

/// With what a load starts.
pub(super) struct Start {
    /// The operator's organisation.
    pub(super) organisation: String,
    /// The operator's client.
    pub(super) client: String,
    /// Its secret.
    pub(super) secret: String,
    /// Whether a load before this one was interrupted.
    pub(super) resumed: bool,
}

/// Looks how far it is.
pub(super) async fn progress(db: &Db, data: &Data) -> Result<Progress, LoadError> {
    let clients = list_clients(db).await?;
    if clients.is_empty() {
        return Ok(Progress::Nothing);
    }
    let operator = data.operator()?;
    let organisation = data.organisation(&operator.organisation)?;
    let demo = clients.into_iter().find(|client| {
        client.role == Role::Platform
            && client.person_ref.as_deref() == Some(operator.person.as_str())
            && organisation.body.get("name").and_then(Value::as_str) == Some(client.organisation.name.as_str())
    });
    match demo {
        None => Err(LoadError::NotEmpty),
        Some(client) if client.name == LOADING => Ok(Progress::Interrupted(Box::new(client))),
        Some(_) => Ok(Progress::Complete),
    }
}

/// Founds the platform.
pub(super) async fn begin(db: &Db, data: &Data) -> Result<Start, LoadError> {
    let operator = data.operator()?;
    let organisation = data.organisation(&operator.organisation)?;
    let founded = found_platform(
        db,
        Founding {
            organisation: serde_json::from_value(organisation.body.clone().into()).map_err(LoadError::inconsistent)?,
            client: line(LOADING)?,
            person_ref: Some(line(&operator.person)?),
        },
    )
    .await?;
    Ok(Start {
        organisation: founded.organisation.to_string(),
        client: founded.issued.client.to_string(),
        secret: founded.issued.secret.reveal().to_owned(),
        resumed: false,
    })
}

/// Takes up a load that was interrupted; the secret of its operator went with it.
pub(super) async fn resume(db: &Db, operator: &ApiClient) -> Result<Start, LoadError> {
    let age = SystemTime::now().duration_since(operator.created_at.into()).unwrap_or_default();
    // An hour is enough to make the calls.
    if age + Duration::from_hours(1) > DAY * u32::try_from(RESUMABLE_DAYS).unwrap_or(1) {
        return Err(LoadError::TooLate { days: RESUMABLE_DAYS });
    }
    let issued = rotate_client(db, operator.id, Some(0)).await?;
    Ok(Start {
        organisation: operator.organisation.id.to_string(),
        client: issued.client.to_string(),
        secret: issued.secret.reveal().to_owned(),
        resumed: true,
    })
}

/// Whether these are the clients that the database has.
pub(super) async fn are_known(db: &Db, data: &Data, known: &[DemoClient]) -> Result<bool, LoadError> {
    let clients = list_clients(db).await?;
    let listed = |client: &ApiClient| known.iter().any(|known| known.client_id == client.id.to_string());
    Ok(clients.iter().filter(|client| key_of(data, client).is_some()).all(listed))
}

/// Gives every client of the demo a new secret, for the file with the old ones is gone.
pub(super) async fn reissue(db: &Db, data: &Data) -> Result<Vec<DemoClient>, LoadError> {
    let mut clients = Vec::new();
    for client in list_clients(db).await? {
        if let Some(entry) = key_of(data, &client) {
            let issued = rotate_client(db, client.id, Some(0)).await?;
            clients.push(DemoClient::of(data, entry, &client.id.to_string(), issued.secret.reveal())?);
        }
    }
    Ok(clients)
}

/// The entry of a client that still works; none for one that somebody made later.
fn key_of<'d>(data: &'d Data, client: &ApiClient) -> Option<&'d super::data::Client> {
    let same = |entry: &&super::data::Client| {
        client.role == entry.role && client.person_ref.as_deref() == Some(entry.person.as_str())
    };
    data.clients.iter().find(same).filter(|_| client.status == ApiClientStatus::Active)
}

fn line(text: &str) -> Result<Line<200>, LoadError> {
    Line::new(text).map_err(|rule| Error::internal(rule.en).into())
}
