//! `/api-clients`.

use actix_web::web::Data;
use actix_web::{get, patch, post};

use super::actions::{self, Issued};
use super::model::{
    ApiClient, ApiClientFilter, ApiClientPage, ApiClientWithSecret, CreateApiClient, MoveApiClient, PatchApiClient,
    RotateApiClientSecret,
};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{CreateApiClients, Permission as _, ReadApiClients, WriteApiClients};
use crate::db::{Conn, Db};
use crate::error::Result;
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::ClientId;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_api_clients)
        .service(create_api_client)
        .service(get_api_client)
        .service(update_api_client)
        .service(rotate_api_client_secret)
        .service(transition_api_client);
}

/// List API clients
///
/// The API clients of your organisation, revoked ones included; the platform sees those of all.
/// In the order in which they were made.
#[utoipa::path(tag = "API clients", params(ApiClientFilter), security(("bearer" = [ReadApiClients::SCOPE])))]
#[get("/api-clients")]
pub async fn list_api_clients(
    can: Can<ReadApiClients>,
    filter: Query<ApiClientFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<ApiClientPage>> {
    let filter = filter.into_inner();
    let paging = cursors.open(&can, "api-clients", &filter)?;
    db.read(&can, move |conn| {
        let rows = queries::list(conn, &filter, &paging)?;
        Listed::of(&ApiClientPage::cut(&paging, rows, |client| client.id)?)
    })
    .await
}

/// Make an API client
///
/// Makes a client for any organisation and shows its secret (clientgeheim), this once. Repeat a
/// lost answer with the same `Idempotency-Key` to see it again.
#[utoipa::path(tag = "API clients", security(("bearer" = [CreateApiClients::SCOPE])))]
#[post("/api-clients")]
pub async fn create_api_client(
    can: Can<CreateApiClients>,
    body: Json<CreateApiClient>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<ApiClientWithSecret>> {
    let (actor, digest) = (can.actor().clone(), body.digest());
    once.write(&db, &can, digest, move |conn| {
        let issued = actions::create(conn, &body.into_inner().into_row())?;
        audit::record(conn, &actor, Event::new("created", "api-client", issued.client))?;
        Created::of(&shown(conn, &issued)?)
    })
    .await
}

/// Read an API client
///
/// One client: its role, its scopes, and since when its secrets are valid, never the secrets.
#[utoipa::path(tag = "API clients", params(("clientId" = ClientId, Path, description = "The client.")), security(("bearer" = [ReadApiClients::SCOPE])))]
#[get("/api-clients/{clientId}")]
pub async fn get_api_client(can: Can<ReadApiClients>, id: Path<ClientId>, db: Data<Db>) -> Result<Found<ApiClient>> {
    db.read(&can, move |conn| Found::of(&queries::find(conn, id.into_inner())?)).await
}

/// Change an API client
///
/// Changes what is sent, clears what is null. An organisation can take scopes from its own
/// clients; only the platform adds any. Tokens issued before keep their scopes until they
/// expire, at most ten minutes.
#[utoipa::path(
    tag = "API clients",
    params(("clientId" = ClientId, Path, description = "The client.")),
    request_body(content = PatchApiClient, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteApiClients::SCOPE])),
)]
#[patch("/api-clients/{clientId}")]
pub async fn update_api_client(
    can: Can<WriteApiClients>,
    id: Path<ClientId>,
    body: MergePatch<PatchApiClient>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<ApiClient>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    // Whoever may make clients decides what they may do.
    let widens = actor.scopes.contains(CreateApiClients::SCOPE);
    db.write(&can, move |conn| {
        let current = queries::find_for_update(conn, id)?;
        if_match.require(current.version)?;
        let patch = body.into_inner();
        rules::may_change(&current, &patch, widens)?;
        queries::update(conn, id, &patch.into_changes(current.version))?;
        audit::record(conn, &actor, Event::new("changed", "api-client", id))?;
        Found::of(&queries::find(conn, id)?)
    })
    .await
}

/// Rotate an API client's secret
///
/// Issues a second secret and shows it, this once; the one before it works on for
/// `overlapHours`, so that the change needs no standstill. At most two are valid at a time.
/// After a leak send 0: every earlier secret stops at once.
#[utoipa::path(tag = "API clients", params(("clientId" = ClientId, Path, description = "The client.")), security(("bearer" = [WriteApiClients::SCOPE])))]
#[post("/api-clients/{clientId}/secrets")]
pub async fn rotate_api_client_secret(
    can: Can<WriteApiClients>,
    id: Path<ClientId>,
    body: Json<RotateApiClientSecret>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<ApiClientWithSecret>> {
    let (actor, id, digest) = (can.actor().clone(), id.into_inner(), body.digest());
    once.write(&db, &can, digest, move |conn| {
        let issued = actions::rotate(conn, id, body.overlap_hours)?;
        audit::record(conn, &actor, Event::new("secret-rotated", "api-client", id))?;
        Created::of(&shown(conn, &issued)?)
    })
    .await
}

/// Revoke an API client
///
/// Moves it to `revoked`, for ever: it gets no more tokens, and those it holds stop working
/// within five seconds. It stays readable, because the audit trail refers to it.
#[utoipa::path(tag = "API clients", params(("clientId" = ClientId, Path, description = "The client.")), security(("bearer" = [WriteApiClients::SCOPE])))]
#[post("/api-clients/{clientId}/transitions")]
pub async fn transition_api_client(
    can: Can<WriteApiClients>,
    id: Path<ClientId>,
    body: Json<MoveApiClient>,
    once: Once,
    db: Data<Db>,
) -> Result<Found<ApiClient>> {
    let (actor, id, digest) = (can.actor().clone(), id.into_inner(), body.digest());
    once.write(&db, &can, digest, move |conn| {
        actions::transition(conn, id, body.to)?;
        audit::record(conn, &actor, Event::new("revoked", "api-client", id))?;
        Found::of(&queries::find(conn, id)?)
    })
    .await
}

fn shown(conn: &mut Conn, issued: &Issued) -> Result<ApiClientWithSecret> {
    let client_secret = issued.secret.reveal().to_owned();
    Ok(ApiClientWithSecret { client: queries::find(conn, issued.client)?, client_secret })
}
