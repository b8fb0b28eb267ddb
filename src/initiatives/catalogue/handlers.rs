//! `/published-initiatives`: without a token.

use actix_web::get;
use actix_web::web::Data;

use super::model::{CatalogueFilter, PublishedInitiative, PublishedInitiativePage};
use super::queries;
use crate::auth::Anyone;
use crate::db::Db;
use crate::error::Result;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::Published;
use crate::http::routes::Routes;
use crate::kernel::ids::InitiativeId;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_published_initiatives).service(get_published_initiative);
}

/// List published initiatives
///
/// The public catalogue of regional initiatives (initiatieven), without a token: what their lead
/// or bureau published, drafts and withdrawn ones left out. In the order in which they were
/// entered. Made to be kept by caches: send `If-None-Match`.
#[utoipa::path(tag = "Catalogue", params(CatalogueFilter), security(()))]
#[get("/published-initiatives")]
pub async fn list_published_initiatives(
    anyone: Anyone,
    filter: Query<CatalogueFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Published<PublishedInitiativePage>> {
    let filter = filter.into_inner();
    let paging = cursors.open(&anyone, "published-initiatives", &filter)?;
    db.snapshot(&anyone, move |conn| {
        let rows = queries::list(conn, &filter, &paging)?;
        Published::of(&PublishedInitiativePage::cut(&paging, rows, |initiative| initiative.id)?)
    })
    .await
}

/// Read a published initiative
///
/// One initiative of the public catalogue, without a token.
#[utoipa::path(tag = "Catalogue", params(("initiativeId" = InitiativeId, Path, description = "The initiative.")), security(()))]
#[get("/published-initiatives/{initiativeId}")]
pub async fn get_published_initiative(
    anyone: Anyone,
    id: Path<InitiativeId>,
    db: Data<Db>,
) -> Result<Published<PublishedInitiative>> {
    db.snapshot(&anyone, move |conn| Published::of(&queries::find(conn, id.into_inner())?)).await
}
