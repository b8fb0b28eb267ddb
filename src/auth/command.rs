//! What the command line does with clients and keys; the caller prints what comes back.

use super::clients::{self, ApiClient, ApiClientStatus, Issued, NewApiClient};
use super::keys::{self, MasterKey, Rotated, Urgency};
use crate::audit::{self, Event};
use crate::db::{Db, Job};
use crate::error::Result;
use crate::kernel::ids::{ClientId, OrganisationId};
use crate::kernel::role::Role;
use crate::kernel::text::Line;
use crate::organisations::organisations::{self, CreateOrganisation};

/// A client as somebody at the command line wants it.
#[derive(Debug, Clone)]
pub struct WantedClient {
    /// The organisation it speaks for.
    pub organisation: OrganisationId,
    /// Its one role.
    pub role: Role,
    /// Name by which its organisation knows it.
    pub name: Line<200>,
    /// Scopes it may get; all that the role can hold when empty.
    pub scopes: Vec<String>,
    /// Whom the organisation means by it.
    pub person_ref: Option<Line<200>>,
}

/// Makes a client; its secret is in the answer, this once.
///
/// # Errors
/// 400 for scopes the role cannot hold or an organisation that is not there; 503.
pub async fn create_client(db: &Db, wanted: WantedClient) -> Result<Issued> {
    let scopes = if wanted.scopes.is_empty() { clients::ceiling(wanted.role) } else { wanted.scopes };
    let new = NewApiClient {
        id: ClientId::new(),
        organisation_id: wanted.organisation,
        role: wanted.role,
        name: wanted.name,
        scopes,
        person_ref: wanted.person_ref,
    };
    db.run_as_system(Job::ManageClients, move |conn| {
        let issued = clients::create(conn, &new)?;
        audit::record_job(conn, Event::new("created", "api-client", issued.client))?;
        Ok(issued)
    })
    .await
}

/// The operator of an install that holds nothing yet, and its first client.
#[derive(Debug)]
pub struct Founding {
    /// Who operates the platform.
    pub organisation: CreateOrganisation,
    /// Name of the client.
    pub client: Line<200>,
    /// Whom the operator means by it.
    pub person_ref: Option<Line<200>>,
}

/// An operator with its first client.
#[derive(Debug)]
pub struct Founded {
    /// The operator.
    pub organisation: OrganisationId,
    /// Its client, in the role of platform, and the client's secret.
    pub issued: Issued,
}

/// Enters the organisation that operates the platform and makes it a client; everything else can
/// be entered through the API by that client.
///
/// # Errors
/// 400 for an organisation with a kind named twice; 503.
pub async fn found_platform(db: &Db, founding: Founding) -> Result<Founded> {
    db.run_as_system(Job::ManageClients, move |conn| {
        let organisation = organisations::enter(conn, founding.organisation)?;
        audit::record_job(conn, Event::new("created", "organisation", organisation))?;
        let new = NewApiClient {
            id: ClientId::new(),
            organisation_id: organisation,
            role: Role::Platform,
            name: founding.client,
            scopes: clients::ceiling(Role::Platform),
            person_ref: founding.person_ref,
        };
        let issued = clients::create(conn, &new)?;
        audit::record_job(conn, Event::new("created", "api-client", issued.client))?;
        Ok(Founded { organisation, issued })
    })
    .await
}

/// Every client there is, revoked ones included, in the order in which they were made.
///
/// # Errors
/// 503.
pub async fn list_clients(db: &Db) -> Result<Vec<ApiClient>> {
    db.run_as_system(Job::ManageClients, clients::list_all).await
}

/// Issues a second secret; the one before it works on for `overlap_hours` (24 unless given).
///
/// # Errors
/// 404, 409 when the client was revoked or two secrets are valid already; 503.
pub async fn rotate_client(db: &Db, client: ClientId, overlap_hours: Option<u16>) -> Result<Issued> {
    db.run_as_system(Job::ManageClients, move |conn| {
        let issued = clients::rotate(conn, client, overlap_hours)?;
        audit::record_job(conn, Event::new("secret-rotated", "api-client", client))?;
        Ok(issued)
    })
    .await
}

/// Revokes a client, for ever; its tokens stop working within 5 seconds.
///
/// # Errors
/// 404, 409 when it was revoked already; 503.
pub async fn revoke_client(db: &Db, client: ClientId) -> Result<()> {
    db.run_as_system(Job::ManageClients, move |conn| {
        clients::transition(conn, client, ApiClientStatus::Revoked)?;
        audit::record_job(conn, Event::new("revoked", "api-client", client))
    })
    .await
}

/// Publishes a new signing key that takes over from the one before.
///
/// # Errors
/// 409 while another rotation is under way; 503.
pub async fn rotate_keys(db: &Db, master: &MasterKey, urgency: Urgency) -> Result<Rotated> {
    keys::rotate(db, master, urgency).await
}
