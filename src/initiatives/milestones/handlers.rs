//! `/initiatives/{initiativeId}/milestones`.

use actix_web::web::Data;
use actix_web::{delete, get, patch, post};

use super::model::{CreateMilestone, Milestone, MilestoneFilter, MilestonePage, PatchMilestone};
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
use crate::kernel::ids::{InitiativeId, MilestoneId};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_milestones)
        .service(create_milestone)
        .service(get_milestone)
        .service(update_milestone)
        .service(delete_milestone);
}

/// List the milestones of an initiative
///
/// What is to be reached by when (mijlpalen), in the order in which it was entered. The same
/// callers as the initiative itself; of one that only its publication shows you, the bureaus
/// alone see them, to copy it.
#[utoipa::path(
    tag = "Initiatives",
    params(("initiativeId" = InitiativeId, Path, description = "The initiative."), MilestoneFilter),
    security(("bearer" = [ReadInitiatives::SCOPE])),
)]
#[get("/initiatives/{initiativeId}/milestones")]
pub async fn list_milestones(
    can: Can<ReadInitiatives>,
    id: Path<InitiativeId>,
    filter: Query<MilestoneFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<MilestonePage>> {
    let (id, filter) = (id.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("initiatives/{id}/milestones"), &filter)?;
    db.read(&can, move |conn| {
        require_visible(conn, id)?;
        let rows = queries::list(conn, id, &filter, &paging)?;
        Listed::of(&MilestonePage::cut(&paging, rows, |milestone| milestone.id)?)
    })
    .await
}

/// Enter a milestone
///
/// The lead organisation and the bureau may, until the initiative has been evaluated, withdrawn
/// or abandoned (409 `ended`).
#[utoipa::path(tag = "Initiatives", params(("initiativeId" = InitiativeId, Path, description = "The initiative.")), security(("bearer" = [WriteInitiatives::SCOPE])))]
#[post("/initiatives/{initiativeId}/milestones")]
pub async fn create_milestone(
    can: Can<WriteInitiatives>,
    id: Path<InitiativeId>,
    body: Json<CreateMilestone>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Milestone>> {
    let (actor, digest, id) = (can.actor().clone(), body.digest(), id.into_inner());
    once.write(&db, &can, digest, move |conn| {
        let new = body.into_inner();
        let today = db::today(conn)?;
        rules::may_enter(&new, today)?;
        let initiative = find_writable(conn, id)?;
        initiative.require_open()?;
        let row = new.into_row(id, initiative.region_id);
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("created", "milestone", row.id))?;
        Created::of(&queries::find(conn, id, row.id)?)
    })
    .await
}

/// Read a milestone
///
/// What is to be reached, and whether it was.
#[utoipa::path(
    tag = "Initiatives",
    params(
        ("initiativeId" = InitiativeId, Path, description = "The initiative."),
        ("milestoneId" = MilestoneId, Path, description = "The milestone."),
    ),
    security(("bearer" = [ReadInitiatives::SCOPE])),
)]
#[get("/initiatives/{initiativeId}/milestones/{milestoneId}")]
pub async fn get_milestone(
    can: Can<ReadInitiatives>,
    path: Path<(InitiativeId, MilestoneId)>,
    db: Data<Db>,
) -> Result<Found<Milestone>> {
    let (initiative, id) = path.into_inner();
    db.read(&can, move |conn| Found::of(&queries::find(conn, initiative, id)?)).await
}

/// Change a milestone
///
/// Also how it is reached: set `reachedOn`, and say in `evidence` what shows it.
#[utoipa::path(
    tag = "Initiatives",
    params(
        ("initiativeId" = InitiativeId, Path, description = "The initiative."),
        ("milestoneId" = MilestoneId, Path, description = "The milestone."),
    ),
    request_body(content = PatchMilestone, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteInitiatives::SCOPE])),
)]
#[patch("/initiatives/{initiativeId}/milestones/{milestoneId}")]
pub async fn update_milestone(
    can: Can<WriteInitiatives>,
    path: Path<(InitiativeId, MilestoneId)>,
    body: MergePatch<PatchMilestone>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Milestone>> {
    let (actor, (initiative, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        let parent = find_writable_of(conn, initiative, Part::new("milestones", id))?;
        let current = queries::find_for_update(conn, initiative, id)?;
        if_match.require(current.version)?;
        parent.require_open()?;
        let patch = body.into_inner();
        rules::may_change(&patch, db::today(conn)?)?;
        queries::update(conn, id, &patch.into_changes(current.version))?;
        audit::record(conn, &actor, Event::new("changed", "milestone", id))?;
        Found::of(&queries::find(conn, initiative, id)?)
    })
    .await
}

/// Delete a milestone
///
/// Only while it has not been reached (409 `reached`).
#[utoipa::path(
    tag = "Initiatives",
    params(
        ("initiativeId" = InitiativeId, Path, description = "The initiative."),
        ("milestoneId" = MilestoneId, Path, description = "The milestone."),
    ),
    security(("bearer" = [WriteInitiatives::SCOPE])),
)]
#[delete("/initiatives/{initiativeId}/milestones/{milestoneId}")]
pub async fn delete_milestone(
    can: Can<WriteInitiatives>,
    path: Path<(InitiativeId, MilestoneId)>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Deleted> {
    let (actor, (initiative, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        let parent = find_writable_of(conn, initiative, Part::new("milestones", id))?;
        let current = queries::find_for_update(conn, initiative, id)?;
        if_match.require(current.version)?;
        parent.require_open()?;
        rules::may_delete(&current)?;
        queries::delete(conn, id)?;
        audit::record(conn, &actor, Event::new("deleted", "milestone", id))?;
        Ok(Deleted)
    })
    .await
}
