//! `/organisations`.

use actix_web::web::Data;
use actix_web::{HttpRequest, get, patch, post};

use super::model::{
    CreateOrganisation, Organisation, OrganisationFilter, OrganisationPage, PatchOrganisation, SearchOrganisations,
};
use super::{actions, queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{CreateOrganisations, Permission as _, ReadOrganisations, WriteOrganisations};
use crate::db::Db;
use crate::db::feed::Feed;
use crate::error::Result;
use crate::http::accept::{Format, negotiate};
use crate::http::body::{Json, MergePatch};
use crate::http::csv::{Exported, require_whole};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::OrganisationId;

const FEED: Feed = Feed { table: "organisations", collection: "organisations", tenants: &[] };

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_organisations)
        .service(create_organisation)
        .service(search_organisations)
        .service(get_organisation)
        .service(update_organisation);
}

/// List organisations
///
/// The directory of the field (organisaties), by name. With `updatedSince` only what changed,
/// in the order of the changes, for a nightly sync: begin with a moment, then send the
/// `nextUpdatedSince` you were given; an item may come twice, none is missed. An item that no
/// longer meets your other filters is not named, so sync without them. With `Accept: text/csv`
/// the whole list as a file, without `limit`, `cursor` and `updatedSince`.
#[utoipa::path(tag = "Organisations", params(OrganisationFilter), security(("bearer" = [ReadOrganisations::SCOPE])))]
#[get("/organisations")]
pub async fn list_organisations(
    can: Can<ReadOrganisations>,
    filter: Query<OrganisationFilter>,
    request: HttpRequest,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Exported<OrganisationPage>> {
    let filter = filter.into_inner();
    let by_name = |organisation: &Organisation| (organisation.name.clone(), organisation.id);
    if let Format::Csv(delimiter) = negotiate(&request, &[Format::Json, Format::CSV])? {
        require_whole(&filter, filter.updated_since)?;
        let paging = cursors.open(&can, "organisations", &filter)?;
        return db
            .export(&can, move |conn| {
                let rows = paging.all(|paging| queries::list(conn, &filter, paging), by_name)?;
                Exported::file(&rows, delimiter)
            })
            .await;
    }
    let Some(since) = filter.updated_since else {
        let paging = cursors.open(&can, "organisations", &filter)?;
        return db
            .read(&can, move |conn| {
                let rows = queries::list(conn, &filter, &paging)?;
                Exported::page(&OrganisationPage::cut(&paging, rows, by_name)?)
            })
            .await;
    };
    let paging = cursors.open(&can, "organisations", &filter)?;
    db.snapshot(&can, move |conn| {
        let window = FEED.window(conn, since, paging.after.as_ref())?;
        let changed = queries::changed(conn, &filter, &window, paging.fetch())?;
        let removed = FEED.removed(conn, &window, paging.fetch())?;
        Exported::page(&OrganisationPage::changes(&paging, &window, changed, removed, |organisation| {
            organisation.id.into()
        })?)
    })
    .await
}

/// Add an organisation
///
/// Adds an organisation to the directory. The platform and the bureaus may; search first, it
/// may be there already.
#[utoipa::path(tag = "Organisations", security(("bearer" = [CreateOrganisations::SCOPE])))]
#[post("/organisations")]
pub async fn create_organisation(
    can: Can<CreateOrganisations>,
    body: Json<CreateOrganisation>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Organisation>> {
    let (actor, digest) = (can.actor().clone(), body.digest());
    once.write(&db, &can, digest, move |conn| {
        let id = actions::enter(conn, body.into_inner())?;
        audit::record(conn, &actor, Event::new("created", "organisation", id))?;
        Created::of(&queries::find(conn, id)?)
    })
    .await
}

/// Search organisations
///
/// Finds organisations by their number or code in a register, or by part of their name, without
/// these standing in a URL. Everything that is given has to fit; give at least one. Changes
/// nothing and takes no `Idempotency-Key`.
#[utoipa::path(tag = "Organisations", security(("bearer" = [ReadOrganisations::SCOPE])))]
#[post("/organisations/_search")]
pub async fn search_organisations(
    can: Can<ReadOrganisations>,
    body: Json<SearchOrganisations>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<OrganisationPage>> {
    let search = body.into_inner();
    rules::may_search(&search)?;
    let paging = cursors.open(&can, "organisations/_search", &search)?;
    db.read(&can, move |conn| {
        let rows = queries::search(conn, &search, &paging)?;
        Listed::of(&OrganisationPage::cut(&paging, rows, |organisation| (organisation.name.clone(), organisation.id))?)
    })
    .await
}

/// Read an organisation
///
/// One organisation with its identifiers and visiting address.
#[utoipa::path(tag = "Organisations", params(("organisationId" = OrganisationId, Path, description = "The organisation.")), security(("bearer" = [ReadOrganisations::SCOPE])))]
#[get("/organisations/{organisationId}")]
pub async fn get_organisation(
    can: Can<ReadOrganisations>,
    id: Path<OrganisationId>,
    db: Data<Db>,
) -> Result<Found<Organisation>> {
    db.read(&can, move |conn| Found::of(&queries::find(conn, id.into_inner())?)).await
}

/// Change an organisation
///
/// Changes what is sent, clears what is null. An organisation changes itself, a bureau the
/// hosts of its region (practices, health centres, out-of-hours posts), the platform everybody.
#[utoipa::path(
    tag = "Organisations",
    params(("organisationId" = OrganisationId, Path, description = "The organisation.")),
    request_body(content = PatchOrganisation, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteOrganisations::SCOPE])),
)]
#[patch("/organisations/{organisationId}")]
pub async fn update_organisation(
    can: Can<WriteOrganisations>,
    id: Path<OrganisationId>,
    body: MergePatch<PatchOrganisation>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Organisation>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        let version = queries::find_for_update(conn, id)?;
        if_match.require(version)?;
        let patch = body.into_inner();
        rules::may_change(&patch)?;
        queries::update(conn, id, &patch.into_changes(version))?;
        audit::record(conn, &actor, Event::new("changed", "organisation", id))?;
        Found::of(&queries::find(conn, id)?)
    })
    .await
}
