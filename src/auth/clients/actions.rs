//! What the API and the command line both do with clients.

use super::model::{ApiClientStatus, NewApiClient};
use super::{queries, rules};
use crate::auth::secret::ClientSecret;
use crate::db::Conn;
use crate::error::Result;
use crate::kernel::ids::ClientId;

/// A client and its new secret, in the clear for this once.
#[derive(Debug)]
pub struct Issued {
    /// The client.
    pub client: ClientId,
    /// Its new secret.
    pub secret: ClientSecret,
}

/// Makes a client with its first secret.
///
/// # Errors
/// 400 for scopes the role cannot hold or an organisation that is not there.
pub fn create(conn: &mut Conn, new: &NewApiClient) -> Result<Issued> {
    rules::may_hold(new.role, &new.scopes)?;
    let secret = ClientSecret::generate()?;
    queries::insert(conn, new)?;
    queries::insert_secret(conn, new.id, new.organisation_id, 1, &secret.hash())?;
    Ok(Issued { client: new.id, secret })
}

/// Adds a secret that takes over from the one before.
pub(in crate::auth) fn rotate(conn: &mut Conn, id: ClientId, overlap_hours: Option<u16>) -> Result<Issued> {
    let current = queries::find_for_update(conn, id)?;
    rules::must_work(&current)?;
    let now = queries::time(conn)?;
    let standing = queries::standing_secrets(conn, id)?;
    let plan = rules::rotation(now, &standing, overlap_hours.unwrap_or(rules::DEFAULT_OVERLAP_HOURS))?;
    let secret = ClientSecret::generate()?;
    queries::end_secrets(conn, &plan.ending)?;
    if let Some((earlier, at)) = plan.expiring {
        queries::expire_secret(conn, earlier, at)?;
    }
    queries::insert_secret(conn, id, current.organisation_id, plan.slot, &secret.hash())?;
    Ok(Issued { client: id, secret })
}

/// Moves a client to another state; only `revoked` can be reached.
pub(in crate::auth) fn transition(conn: &mut Conn, id: ClientId, to: ApiClientStatus) -> Result<()> {
    let current = queries::find_for_update(conn, id)?;
    rules::may_move(&current, to)?;
    queries::revoke(conn, &current)
}
