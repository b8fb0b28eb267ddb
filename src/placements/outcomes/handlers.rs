//! `/placements/{placementId}/outcomes`.

use actix_web::web::Data;
use actix_web::{get, patch, post};

use super::model::{CorrectOutcome, Outcome, OutcomeFilter, OutcomePage, RecordOutcome};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadPlacements, WriteOutcomes};
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
use crate::kernel::ids::{OutcomeId, PlacementId};
use crate::placements::placements::{find_parent, require_visible};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_outcomes).service(record_outcome).service(get_outcome).service(correct_outcome);
}

/// List the outcomes of a placement
///
/// What became of the intern (uitkomsten): at the end, and again a year later. With `knownAt` as they
/// were recorded at that moment. School, host and bureau see them.
#[utoipa::path(
    tag = "Placements",
    params(("placementId" = PlacementId, Path, description = "The placement."), OutcomeFilter),
    security(("bearer" = [ReadPlacements::SCOPE])),
)]
#[get("/placements/{placementId}/outcomes")]
pub async fn list_outcomes(
    can: Can<ReadPlacements>,
    id: Path<PlacementId>,
    filter: Query<OutcomeFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<OutcomePage>> {
    let (id, filter) = (id.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("placements/{id}/outcomes"), &filter)?;
    db.read(&can, move |conn| {
        require_visible(conn, id)?;
        let provisional = db::is_provisional(conn, filter.known_at)?;
        let rows = queries::list(conn, id, &filter, &paging)?;
        Listed::of(&OutcomePage::cut(&paging, rows, |outcome| outcome.id, provisional)?)
    })
    .await
}

/// Record an outcome
///
/// Once at the end and once after a year (409 `already-recorded`), when the placement was completed or
/// ended early (409 `placement-not-ended`). School, host and bureau may.
#[utoipa::path(
    tag = "Placements",
    params(("placementId" = PlacementId, Path, description = "The placement."),),
    security(("bearer" = [WriteOutcomes::SCOPE])),
)]
#[post("/placements/{placementId}/outcomes")]
pub async fn record_outcome(
    can: Can<WriteOutcomes>,
    id: Path<PlacementId>,
    body: Json<RecordOutcome>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Outcome>> {
    let (actor, digest, id) = (can.actor().clone(), body.digest(), id.into_inner());
    once.write(&db, &can, digest, move |conn| {
        let parent = find_parent(conn, id)?;
        let (new, today) = (body.into_inner(), db::today(conn)?);
        rules::may_record(&new, queries::ended_on(conn, id)?, today)?;
        let row = new.into_row(parent.key());
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("recorded", "outcome", row.id))?;
        Created::of(&queries::find_version(conn, row.row_id)?)
    })
    .await
}

/// Read an outcome
///
/// The outcome as it is recorded now; 404 once it has been withdrawn.
#[utoipa::path(
    tag = "Placements",
    params(
        ("placementId" = PlacementId, Path, description = "The placement."),
        ("outcomeId" = OutcomeId, Path, description = "The outcome."),
    ),
    security(("bearer" = [ReadPlacements::SCOPE])),
)]
#[get("/placements/{placementId}/outcomes/{outcomeId}")]
pub async fn get_outcome(
    can: Can<ReadPlacements>,
    path: Path<(PlacementId, OutcomeId)>,
    db: Data<Db>,
) -> Result<Found<Outcome>> {
    let (placement, id) = path.into_inner();
    db.read(&can, move |conn| Found::of(&queries::find(conn, placement, id)?)).await
}

/// Correct an outcome
///
/// Records a new version that takes the place of the standing one, which stays known under the moment
/// it stood. With `withdrawn` it never was, and the answer is the version that was taken back. The side
/// that recorded it may, and the bureau.
#[utoipa::path(
    tag = "Placements",
    params(
        ("placementId" = PlacementId, Path, description = "The placement."),
        ("outcomeId" = OutcomeId, Path, description = "The outcome."),
    ),
    request_body(content = CorrectOutcome, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteOutcomes::SCOPE])),
)]
#[patch("/placements/{placementId}/outcomes/{outcomeId}")]
pub async fn correct_outcome(
    can: Can<WriteOutcomes>,
    path: Path<(PlacementId, OutcomeId)>,
    body: MergePatch<CorrectOutcome>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Outcome>> {
    let (actor, (placement, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        find_parent(conn, placement)?;
        let standing = queries::find_for_update(conn, placement, id)?;
        if_match.require(standing.version)?;
        let patch = body.into_inner();
        let (action, shown) = if patch.withdrawn {
            queries::supersede(conn, standing.row_id)?;
            ("withdrawn", standing.row_id)
        } else {
            let next = rules::correct(&standing, patch, queries::ended_on(conn, placement)?, db::today(conn)?)?;
            queries::replace(conn, &standing, &next)?;
            ("corrected", next.row_id)
        };
        audit::record(conn, &actor, Event::new(action, "outcome", id))?;
        Found::of(&queries::find_version(conn, shown)?)
    })
    .await
}
