//! `/initiatives/{initiativeId}/deliverables`.

use actix_web::web::Data;
use actix_web::{delete, get, patch, post};

use super::model::{CreateDeliverable, Deliverable, DeliverableFilter, DeliverablePage, PatchDeliverable};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadInitiatives, WriteInitiatives};
use crate::db::{self, Db};
use crate::error::Result;
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Deleted, Found, Listed};
use crate::http::routes::Routes;
use crate::initiatives::initiatives::{Part, find_writable, find_writable_of, require_visible};
use crate::kernel::ids::{DeliverableId, InitiativeId};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_deliverables)
        .service(create_deliverable)
        .service(get_deliverable)
        .service(update_deliverable)
        .service(delete_deliverable);
}

/// List the deliverables of an initiative
///
/// What is handed over by when (opleveringen): research, concepts, structures, processes and
/// products, in the order in which it was entered. Seen by the same callers as the milestones.
#[utoipa::path(
    tag = "Initiatives",
    params(("initiativeId" = InitiativeId, Path, description = "The initiative."), DeliverableFilter),
    security(("bearer" = [ReadInitiatives::SCOPE])),
)]
#[get("/initiatives/{initiativeId}/deliverables")]
pub async fn list_deliverables(
    can: Can<ReadInitiatives>,
    id: Path<InitiativeId>,
    filter: Query<DeliverableFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<DeliverablePage>> {
    let (id, filter) = (id.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("initiatives/{id}/deliverables"), &filter)?;
    db.read(&can, move |conn| {
        require_visible(conn, id)?;
        let rows = queries::list(conn, id, &filter, &paging)?;
        Listed::of(&DeliverablePage::cut(&paging, rows, |deliverable| deliverable.id)?)
    })
    .await
}

/// Enter a deliverable
///
/// The lead organisation and the bureau may, until the initiative has been evaluated, withdrawn
/// or abandoned (409 `ended`).
#[utoipa::path(tag = "Initiatives", params(("initiativeId" = InitiativeId, Path, description = "The initiative.")), security(("bearer" = [WriteInitiatives::SCOPE])))]
#[post("/initiatives/{initiativeId}/deliverables")]
pub async fn create_deliverable(
    can: Can<WriteInitiatives>,
    id: Path<InitiativeId>,
    body: Json<CreateDeliverable>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Deliverable>> {
    let (actor, digest, id) = (can.actor().clone(), body.digest(), id.into_inner());
    once.write(&db, &can, digest, move |conn| {
        let new = body.into_inner();
        let today = db::today(conn)?;
        rules::may_enter(&new, today)?;
        let initiative = find_writable(conn, id)?;
        initiative.require_open()?;
        let row = new.into_row(id, initiative.region_id);
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("created", "deliverable", row.id))?;
        Created::of(&queries::find(conn, id, row.id)?)
    })
    .await
}

/// Read a deliverable
///
/// What is handed over, and whether it was.
#[utoipa::path(
    tag = "Initiatives",
    params(
        ("initiativeId" = InitiativeId, Path, description = "The initiative."),
        ("deliverableId" = DeliverableId, Path, description = "The deliverable."),
    ),
    security(("bearer" = [ReadInitiatives::SCOPE])),
)]
#[get("/initiatives/{initiativeId}/deliverables/{deliverableId}")]
pub async fn get_deliverable(
    can: Can<ReadInitiatives>,
    path: Path<(InitiativeId, DeliverableId)>,
    db: Data<Db>,
) -> Result<Found<Deliverable>> {
    let (initiative, id) = path.into_inner();
    db.read(&can, move |conn| Found::of(&queries::find(conn, initiative, id)?)).await
}

/// Change a deliverable
///
/// Also how it is handed over: set `deliveredOn`, and give in `link` where it can be read.
#[utoipa::path(
    tag = "Initiatives",
    params(
        ("initiativeId" = InitiativeId, Path, description = "The initiative."),
        ("deliverableId" = DeliverableId, Path, description = "The deliverable."),
    ),
    request_body(content = PatchDeliverable, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteInitiatives::SCOPE])),
)]
#[patch("/initiatives/{initiativeId}/deliverables/{deliverableId}")]
pub async fn update_deliverable(
    can: Can<WriteInitiatives>,
    path: Path<(InitiativeId, DeliverableId)>,
    body: MergePatch<PatchDeliverable>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Deliverable>> {
    let (actor, (initiative, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        let parent = find_writable_of(conn, initiative, Part::new("deliverables", id))?;
        let current = queries::find_for_update(conn, initiative, id)?;
        if_match.require(current.version)?;
        parent.require_open()?;
        let patch = body.into_inner();
        rules::may_change(&patch, db::today(conn)?)?;
        queries::update(conn, id, &patch.into_changes(current.version))?;
        audit::record(conn, &actor, Event::new("changed", "deliverable", id))?;
        Found::of(&queries::find(conn, initiative, id)?)
    })
    .await
}

/// Delete a deliverable
///
/// Only while it has not been delivered (409 `delivered`).
#[utoipa::path(
    tag = "Initiatives",
    params(
        ("initiativeId" = InitiativeId, Path, description = "The initiative."),
        ("deliverableId" = DeliverableId, Path, description = "The deliverable."),
    ),
    security(("bearer" = [WriteInitiatives::SCOPE])),
)]
#[delete("/initiatives/{initiativeId}/deliverables/{deliverableId}")]
pub async fn delete_deliverable(
    can: Can<WriteInitiatives>,
    path: Path<(InitiativeId, DeliverableId)>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Deleted> {
    let (actor, (initiative, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        let parent = find_writable_of(conn, initiative, Part::new("deliverables", id))?;
        let current = queries::find_for_update(conn, initiative, id)?;
        if_match.require(current.version)?;
        parent.require_open()?;
        rules::may_delete(&current)?;
        queries::delete(conn, id)?;
        audit::record(conn, &actor, Event::new("deleted", "deliverable", id))?;
        Ok(Deleted)
    })
    .await
}
