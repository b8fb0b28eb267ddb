//! `/organisations/{organisationId}/sites`.

use actix_web::web::Data;
use actix_web::{delete, get, patch, post};

use super::model::{CreateSite, PatchSite, Site, SiteFilter, SitePage};
use super::queries;
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadOrganisations, WriteOrganisations};
use crate::db::Db;
use crate::error::Result;
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Deleted, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::{OrganisationId, SiteId};
use crate::organisations::organisations::require_visible;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_sites).service(create_site).service(get_site).service(update_site).service(delete_site);
}

/// List the sites of an organisation
///
/// Where the organisation works (vestigingen), in the order in which they were entered.
#[utoipa::path(tag = "Organisations", params(("organisationId" = OrganisationId, Path, description = "The organisation."), SiteFilter), security(("bearer" = [ReadOrganisations::SCOPE])))]
#[get("/organisations/{organisationId}/sites")]
pub async fn list_sites(
    can: Can<ReadOrganisations>,
    organisation: Path<OrganisationId>,
    filter: Query<SiteFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<SitePage>> {
    let (organisation, filter) = (organisation.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("organisations/{organisation}/sites"), &filter)?;
    db.read(&can, move |conn| {
        require_visible(conn, organisation)?;
        let rows = queries::list(conn, organisation, &filter, &paging)?;
        Listed::of(&SitePage::cut(&paging, rows, |site| site.id)?)
    })
    .await
}

/// Add a site
///
/// Adds a site. An organisation does so for itself, a bureau for the hosts of its region, the
/// platform for everybody.
#[utoipa::path(tag = "Organisations", params(("organisationId" = OrganisationId, Path, description = "The organisation.")), security(("bearer" = [WriteOrganisations::SCOPE])))]
#[post("/organisations/{organisationId}/sites")]
pub async fn create_site(
    can: Can<WriteOrganisations>,
    organisation: Path<OrganisationId>,
    body: Json<CreateSite>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Site>> {
    let (actor, digest, organisation) = (can.actor().clone(), body.digest(), organisation.into_inner());
    once.write(&db, &can, digest, move |conn| {
        require_visible(conn, organisation)?;
        let row = body.into_inner().into_row(organisation);
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("created", "site", row.id))?;
        Created::of(&queries::find(conn, organisation, row.id)?)
    })
    .await
}

/// Read a site
///
/// One site with its visiting address.
#[utoipa::path(
    tag = "Organisations",
    params(
        ("organisationId" = OrganisationId, Path, description = "The organisation."),
        ("siteId" = SiteId, Path, description = "The site."),
    ),
    security(("bearer" = [ReadOrganisations::SCOPE])),
)]
#[get("/organisations/{organisationId}/sites/{siteId}")]
pub async fn get_site(
    can: Can<ReadOrganisations>,
    path: Path<(OrganisationId, SiteId)>,
    db: Data<Db>,
) -> Result<Found<Site>> {
    let (organisation, id) = path.into_inner();
    db.read(&can, move |conn| Found::of(&queries::find(conn, organisation, id)?)).await
}

/// Change a site
///
/// Changes what is sent, clears what is null.
#[utoipa::path(
    tag = "Organisations",
    params(
        ("organisationId" = OrganisationId, Path, description = "The organisation."),
        ("siteId" = SiteId, Path, description = "The site."),
    ),
    request_body(content = PatchSite, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteOrganisations::SCOPE])),
)]
#[patch("/organisations/{organisationId}/sites/{siteId}")]
pub async fn update_site(
    can: Can<WriteOrganisations>,
    path: Path<(OrganisationId, SiteId)>,
    body: MergePatch<PatchSite>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Site>> {
    let (actor, (organisation, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        let version = queries::find_for_update(conn, organisation, id)?;
        if_match.require(version)?;
        queries::update(conn, id, &body.into_inner().into_changes(version))?;
        audit::record(conn, &actor, Event::new("changed", "site", id))?;
        Found::of(&queries::find(conn, organisation, id)?)
    })
    .await
}

/// Remove a site
///
/// Removes a site that nothing hangs on, one entered by mistake; 409 when a recognition does.
#[utoipa::path(
    tag = "Organisations",
    params(
        ("organisationId" = OrganisationId, Path, description = "The organisation."),
        ("siteId" = SiteId, Path, description = "The site."),
    ),
    security(("bearer" = [WriteOrganisations::SCOPE])),
)]
#[delete("/organisations/{organisationId}/sites/{siteId}")]
pub async fn delete_site(
    can: Can<WriteOrganisations>,
    path: Path<(OrganisationId, SiteId)>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Deleted> {
    let (actor, (organisation, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        if_match.require(queries::find_for_update(conn, organisation, id)?)?;
        queries::delete(conn, id)?;
        audit::record(conn, &actor, Event::new("deleted", "site", id))?;
        Ok(Deleted)
    })
    .await
}
