//! `/token-issuers`.

use actix_web::web::Data;
use actix_web::{get, patch, post};

use super::model::{CreateTokenIssuer, PatchTokenIssuer, TokenIssuer, TokenIssuerFilter, TokenIssuerPage};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{ManageIssuers, Permission as _};
use crate::db::Db;
use crate::error::Result;
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::IssuerId;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_token_issuers)
        .service(create_token_issuer)
        .service(get_token_issuer)
        .service(update_token_issuer);
}

/// List token issuers
///
/// The register of identity providers (identiteitsaanbieders) whose tokens may be exchanged for
/// ours, in the order in which they were entered. For the platform only.
#[utoipa::path(tag = "Token issuers", params(TokenIssuerFilter), security(("bearer" = [ManageIssuers::SCOPE])))]
#[get("/token-issuers")]
pub async fn list_token_issuers(
    can: Can<ManageIssuers>,
    filter: Query<TokenIssuerFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<TokenIssuerPage>> {
    let filter = filter.into_inner();
    let paging = cursors.open(&can, "token-issuers", &filter)?;
    db.read(&can, move |conn| {
        let rows = queries::list(conn, &filter, &paging)?;
        Listed::of(&TokenIssuerPage::cut(&paging, rows, |issuer| issuer.id)?)
    })
    .await
}

/// Enter a token issuer
///
/// Enters an identity provider with exactly what it may vouch for: its keys, ways of signing,
/// audience, roles and organisations.
#[utoipa::path(tag = "Token issuers", security(("bearer" = [ManageIssuers::SCOPE])))]
#[post("/token-issuers")]
pub async fn create_token_issuer(
    can: Can<ManageIssuers>,
    body: Json<CreateTokenIssuer>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<TokenIssuer>> {
    let (actor, digest) = (can.actor().clone(), body.digest());
    once.write(&db, &can, digest, move |conn| {
        let new = body.into_inner();
        rules::may_enter(&new)?;
        let row = new.into_row();
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("created", "token-issuer", row.id))?;
        Created::of(&queries::find(conn, row.id)?)
    })
    .await
}

/// Read a token issuer
///
/// One identity provider and what it may vouch for.
#[utoipa::path(tag = "Token issuers", params(("issuerId" = IssuerId, Path, description = "The token issuer.")), security(("bearer" = [ManageIssuers::SCOPE])))]
#[get("/token-issuers/{issuerId}")]
pub async fn get_token_issuer(can: Can<ManageIssuers>, id: Path<IssuerId>, db: Data<Db>) -> Result<Found<TokenIssuer>> {
    db.read(&can, move |conn| Found::of(&queries::find(conn, id.into_inner())?)).await
}

/// Change a token issuer
///
/// Changes what is sent. With `active` false its tokens are no longer taken; an entry is never
/// deleted, because the audit trail refers to it.
#[utoipa::path(
    tag = "Token issuers",
    params(("issuerId" = IssuerId, Path, description = "The token issuer.")),
    request_body(content = PatchTokenIssuer, content_type = "application/merge-patch+json"),
    security(("bearer" = [ManageIssuers::SCOPE])),
)]
#[patch("/token-issuers/{issuerId}")]
pub async fn update_token_issuer(
    can: Can<ManageIssuers>,
    id: Path<IssuerId>,
    body: MergePatch<PatchTokenIssuer>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<TokenIssuer>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        let current = queries::find_for_update(conn, id)?;
        if_match.require(current.version)?;
        let (version, patch) = (current.version, body.into_inner());
        rules::may_change(current, &patch)?;
        queries::update(conn, id, &patch.into_changes(version))?;
        audit::record(conn, &actor, Event::new("changed", "token-issuer", id))?;
        Found::of(&queries::find(conn, id)?)
    })
    .await
}
