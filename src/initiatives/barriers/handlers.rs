//! `/initiatives/{initiativeId}/barriers`.

use actix_web::web::Data;
use actix_web::{get, patch, post};

use super::model::{Barrier, BarrierFilter, BarrierPage, CorrectBarrier, RecordBarrier};
use super::rules::Outcome;
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
use crate::http::reply::{Created, Found, Listed};
use crate::http::routes::Routes;
use crate::initiatives::initiatives::{Part, find_writable, find_writable_of, require_visible};
use crate::kernel::ids::{BarrierId, InitiativeId};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_barriers).service(record_barrier).service(get_barrier).service(correct_barrier);
}

/// List the barriers of an initiative
///
/// What stands in its way (belemmeringen), in the order in which it was recorded. With `asOf` only
/// those that stood on that day; with `knownAt` as they were recorded at that moment, corrections
/// made later left out. Not shown to those who see the initiative only because it is published.
#[utoipa::path(
    tag = "Initiatives",
    params(("initiativeId" = InitiativeId, Path, description = "The initiative."), BarrierFilter),
    security(("bearer" = [ReadInitiatives::SCOPE])),
)]
#[get("/initiatives/{initiativeId}/barriers")]
pub async fn list_barriers(
    can: Can<ReadInitiatives>,
    id: Path<InitiativeId>,
    filter: Query<BarrierFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<BarrierPage>> {
    let (id, filter) = (id.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("initiatives/{id}/barriers"), &filter)?;
    db.read(&can, move |conn| {
        require_visible(conn, id)?;
        let provisional = db::is_provisional(conn, filter.known_at)?;
        let rows = queries::list(conn, id, &filter, &paging)?;
        Listed::of(&BarrierPage::cut(&paging, rows, |barrier| barrier.id, provisional)?)
    })
    .await
}

/// Record a barrier
///
/// The lead organisation and the bureau may, until the initiative has been evaluated, withdrawn
/// or abandoned (409 `ended`). It may have been identified in the past, never in the future.
#[utoipa::path(tag = "Initiatives", params(("initiativeId" = InitiativeId, Path, description = "The initiative.")), security(("bearer" = [WriteInitiatives::SCOPE])))]
#[post("/initiatives/{initiativeId}/barriers")]
pub async fn record_barrier(
    can: Can<WriteInitiatives>,
    id: Path<InitiativeId>,
    body: Json<RecordBarrier>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Barrier>> {
    let (actor, digest, id) = (can.actor().clone(), body.digest(), id.into_inner());
    once.write(&db, &can, digest, move |conn| {
        let new = body.into_inner();
        rules::may_record(&new, db::today(conn)?)?;
        let initiative = find_writable(conn, id)?;
        initiative.require_open()?;
        let first = new.into_version(id, initiative.region_id);
        queries::insert(conn, &first)?;
        audit::record(conn, &actor, Event::new("created", "barrier", first.id))?;
        Created::of(&queries::find(conn, id, first.id)?)
    })
    .await
}

/// Read a barrier
///
/// The barrier as it is recorded now; 404 once it has been withdrawn.
#[utoipa::path(
    tag = "Initiatives",
    params(
        ("initiativeId" = InitiativeId, Path, description = "The initiative."),
        ("barrierId" = BarrierId, Path, description = "The barrier."),
    ),
    security(("bearer" = [ReadInitiatives::SCOPE])),
)]
#[get("/initiatives/{initiativeId}/barriers/{barrierId}")]
pub async fn get_barrier(
    can: Can<ReadInitiatives>,
    path: Path<(InitiativeId, BarrierId)>,
    db: Data<Db>,
) -> Result<Found<Barrier>> {
    let (initiative, id) = path.into_inner();
    db.read(&can, move |conn| Found::of(&queries::find(conn, initiative, id)?)).await
}

/// Resolve or correct a barrier
///
/// Set `effectiveTo` to record that it was resolved; change anything else to correct what was
/// recorded. Nothing is lost: the old version stays for whoever asks what was known before. With
/// `withdrawn` it never was a barrier; the answer is then its last version, superseded.
#[utoipa::path(
    tag = "Initiatives",
    params(
        ("initiativeId" = InitiativeId, Path, description = "The initiative."),
        ("barrierId" = BarrierId, Path, description = "The barrier."),
    ),
    request_body(content = CorrectBarrier, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteInitiatives::SCOPE])),
)]
#[patch("/initiatives/{initiativeId}/barriers/{barrierId}")]
pub async fn correct_barrier(
    can: Can<WriteInitiatives>,
    path: Path<(InitiativeId, BarrierId)>,
    body: MergePatch<CorrectBarrier>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Barrier>> {
    let (actor, (initiative, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        let parent = find_writable_of(conn, initiative, Part::new("barriers", id))?;
        let standing = queries::find_for_update(conn, initiative, id)?;
        if_match.require(standing.version)?;
        parent.require_open()?;
        let outcome = rules::correct(&standing, body.into_inner(), db::today(conn)?)?;
        queries::withdraw(conn, &standing)?;
        let (action, shown) = match outcome {
            Outcome::Corrected(next) => {
                queries::insert(conn, &next)?;
                ("corrected", next.row_id)
            }
            Outcome::Withdrawn => ("withdrawn", standing.row_id),
        };
        audit::record(conn, &actor, Event::new(action, "barrier", id))?;
        Found::of(&queries::find_version(conn, shown)?)
    })
    .await
}
