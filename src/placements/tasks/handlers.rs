//! `/tasks` and `/placements/{placementId}/tasks`.

use actix_web::get;
use actix_web::web::Data;

use super::actions;
use super::model::{PlacementTasks, TaskFilter, TaskPage};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadPlacements};
use crate::db::Db;
use crate::error::Result;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::Listed;
use crate::http::routes::Routes;
use crate::kernel::ids::PlacementId;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_tasks).service(list_placement_tasks);
}

/// List tasks
///
/// What still has to be done (taken, actielijst) for the placements you can see, by whom and by when: the
/// board across placements. A task is worked out from the placement and its parts, and is gone when it is
/// done. First come the placements that go on, by their first day, then those that ended, the latest
/// first; the tasks of one placement stand together, in the order of its life. With filters a page may
/// hold fewer tasks than asked for, or none: go on until there is no `nextCursor`. That a seat came free
/// and somebody waits for it, only the bureau is told.
#[utoipa::path(tag = "Tasks", params(TaskFilter), security(("bearer" = [ReadPlacements::SCOPE])))]
#[get("/tasks")]
pub async fn list_tasks(
    can: Can<ReadPlacements>,
    filter: Query<TaskFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<TaskPage>> {
    let (actor, filter) = (can.actor().clone(), filter.into_inner());
    let paging = cursors.open(&can, "tasks", &filter)?;
    db.snapshot(&can, move |conn| Listed::of(&actions::board(conn, &actor, &filter, &paging)?)).await
}

/// List the tasks of a placement
///
/// What still has to be done for it (taken), by whom and by when, in the order of its life.
///
/// Until the start: the steps and signatures, a mentor, and what `…/readiness` misses. While it goes on:
/// again an agreement and an employer where a switch of the learning path asks for them; for the bureau, a
/// recognition of the host that was withdrawn within the placement, until it is recognised again or the
/// placement ended; three three-way talks (driegesprekken), one of them at the host, after one, two and three quarters of
/// it; the next evaluation by mentor, school and student; the end. Afterwards: the outcome within four
/// weeks, and again a year later.
#[utoipa::path(
    tag = "Tasks",
    params(("placementId" = PlacementId, Path, description = "The placement.")),
    security(("bearer" = [ReadPlacements::SCOPE])),
)]
#[get("/placements/{placementId}/tasks")]
pub async fn list_placement_tasks(
    can: Can<ReadPlacements>,
    id: Path<PlacementId>,
    db: Data<Db>,
) -> Result<Listed<PlacementTasks>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.snapshot(&can, move |conn| Listed::of(&PlacementTasks { items: actions::of_placement(conn, &actor, id)? })).await
}
