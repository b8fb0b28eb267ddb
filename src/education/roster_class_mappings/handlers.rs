//! `/roster-class-mappings`.

use actix_web::web::Data;
use actix_web::{delete, get, patch, post};

use super::model::{
    CreateRosterClassMapping, PatchRosterClassMapping, RosterClassMapping, RosterClassMappingFilter,
    RosterClassMappingPage,
};
use super::queries;
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{ImportRosters, Permission as _};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Deleted, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::RosterClassMappingId;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_roster_class_mappings)
        .service(create_roster_class_mapping)
        .service(get_roster_class_mapping)
        .service(update_roster_class_mapping)
        .service(delete_roster_class_mapping);
}

/// List class mappings
///
/// Which programme each class of your own system belongs to (klaskoppelingen), for OneRoster files. A
/// class whose `classCode` is the code of a programme needs none.
#[utoipa::path(tag = "Rosters", params(RosterClassMappingFilter), security(("bearer" = [ImportRosters::SCOPE])))]
#[get("/roster-class-mappings")]
pub async fn list_roster_class_mappings(
    can: Can<ImportRosters>,
    filter: Query<RosterClassMappingFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<RosterClassMappingPage>> {
    let filter = filter.into_inner();
    let paging = cursors.open(&can, "roster-class-mappings", &filter)?;
    db.read(&can, move |conn| {
        let rows = queries::list(conn, &filter, &paging)?;
        Listed::of(&RosterClassMappingPage::cut(&paging, rows, |mapping| mapping.id)?)
    })
    .await
}

/// Map a class
///
/// Says which of your programmes a class of your own system belongs to.
#[utoipa::path(tag = "Rosters", security(("bearer" = [ImportRosters::SCOPE])))]
#[post("/roster-class-mappings")]
pub async fn create_roster_class_mapping(
    can: Can<ImportRosters>,
    body: Json<CreateRosterClassMapping>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<RosterClassMapping>> {
    let (actor, digest) = (can.actor().clone(), body.digest());
    let school = actor.organisation.ok_or(Error::Unauthenticated)?;
    once.write(&db, &can, digest, move |conn| {
        let row = body.into_inner().into_row(school);
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("created", "roster-class-mapping", row.id))?;
        Created::of(&queries::find(conn, row.id)?)
    })
    .await
}

/// Read a class mapping
///
/// One class with its programme.
#[utoipa::path(tag = "Rosters", params(("rosterClassMappingId" = RosterClassMappingId, Path, description = "The mapping.")), security(("bearer" = [ImportRosters::SCOPE])))]
#[get("/roster-class-mappings/{rosterClassMappingId}")]
pub async fn get_roster_class_mapping(
    can: Can<ImportRosters>,
    id: Path<RosterClassMappingId>,
    db: Data<Db>,
) -> Result<Found<RosterClassMapping>> {
    db.read(&can, move |conn| Found::of(&queries::find(conn, id.into_inner())?)).await
}

/// Change a class mapping
///
/// The class belongs to another programme from the next import on.
#[utoipa::path(
    tag = "Rosters",
    params(("rosterClassMappingId" = RosterClassMappingId, Path, description = "The mapping.")),
    request_body(content = PatchRosterClassMapping, content_type = "application/merge-patch+json"),
    security(("bearer" = [ImportRosters::SCOPE])),
)]
#[patch("/roster-class-mappings/{rosterClassMappingId}")]
pub async fn update_roster_class_mapping(
    can: Can<ImportRosters>,
    id: Path<RosterClassMappingId>,
    body: MergePatch<PatchRosterClassMapping>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<RosterClassMapping>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        let version = queries::find_for_update(conn, id)?;
        if_match.require(version)?;
        queries::update(conn, id, body.into_inner().programme_id.into_change(), version)?;
        audit::record(conn, &actor, Event::new("changed", "roster-class-mapping", id))?;
        Found::of(&queries::find(conn, id)?)
    })
    .await
}

/// Remove a class mapping
///
/// The class belongs to no programme any more; its students stay until the next full import.
#[utoipa::path(
    tag = "Rosters",
    params(("rosterClassMappingId" = RosterClassMappingId, Path, description = "The mapping.")),
    security(("bearer" = [ImportRosters::SCOPE])),
)]
#[delete("/roster-class-mappings/{rosterClassMappingId}")]
pub async fn delete_roster_class_mapping(
    can: Can<ImportRosters>,
    id: Path<RosterClassMappingId>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Deleted> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        if_match.require(queries::find_for_update(conn, id)?)?;
        queries::delete(conn, id)?;
        audit::record(conn, &actor, Event::new("deleted", "roster-class-mapping", id))?;
        Ok(Deleted)
    })
    .await
}
