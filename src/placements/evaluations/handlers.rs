//! `/placements/{placementId}/evaluations`.

use actix_web::web::Data;
use actix_web::{get, patch, post};

use super::model::{CorrectEvaluation, Evaluation, EvaluationFilter, EvaluationPage, RecordEvaluation};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadPlacements, WriteEvaluations};
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
use crate::kernel::ids::{EvaluationId, PlacementId};
use crate::placements::placements::{find_parent, require_visible};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_evaluations).service(record_evaluation).service(get_evaluation).service(correct_evaluation);
}

/// List the evaluations of a placement
///
/// How the intern does (beoordelingen), in the order in which they were recorded: by mentor, school and
/// student, at the first, the midterm and the final evaluation. With `knownAt` as they were recorded at
/// that moment. School, host and bureau see them.
#[utoipa::path(
    tag = "Placements",
    params(("placementId" = PlacementId, Path, description = "The placement."), EvaluationFilter),
    security(("bearer" = [ReadPlacements::SCOPE])),
)]
#[get("/placements/{placementId}/evaluations")]
pub async fn list_evaluations(
    can: Can<ReadPlacements>,
    id: Path<PlacementId>,
    filter: Query<EvaluationFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<EvaluationPage>> {
    let (id, filter) = (id.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("placements/{id}/evaluations"), &filter)?;
    db.read(&can, move |conn| {
        require_visible(conn, id)?;
        let provisional = db::is_provisional(conn, filter.known_at)?;
        let rows = queries::list(conn, id, &filter, &paging)?;
        Listed::of(&EvaluationPage::cut(&paging, rows, |evaluation| evaluation.id, provisional)?)
    })
    .await
}

/// Record an evaluation
///
/// The judgement of one judge at one moment, once (409 `already-recorded`), by a rubric with scores from
/// 1 to 5. A host enters its mentor's, a school its own and the student's, a bureau any that it is told;
/// from the confirmation on (409 `placement-not-under-way`).
#[utoipa::path(
    tag = "Placements",
    params(("placementId" = PlacementId, Path, description = "The placement."),),
    security(("bearer" = [WriteEvaluations::SCOPE])),
)]
#[post("/placements/{placementId}/evaluations")]
pub async fn record_evaluation(
    can: Can<WriteEvaluations>,
    id: Path<PlacementId>,
    body: Json<RecordEvaluation>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Evaluation>> {
    let (actor, digest, id) = (can.actor().clone(), body.digest(), id.into_inner());
    once.write(&db, &can, digest, move |conn| {
        let parent = find_parent(conn, id)?;
        let (new, today) = (body.into_inner(), db::today(conn)?);
        rules::may_record(&new, &actor.scope(), today)?;
        parent.require_under_way()?;
        let row = new.into_row(parent.key());
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("recorded", "evaluation", row.id))?;
        Created::of(&queries::find_version(conn, row.row_id)?)
    })
    .await
}

/// Read an evaluation
///
/// The evaluation as it is recorded now; 404 once it has been withdrawn.
#[utoipa::path(
    tag = "Placements",
    params(
        ("placementId" = PlacementId, Path, description = "The placement."),
        ("evaluationId" = EvaluationId, Path, description = "The evaluation."),
    ),
    security(("bearer" = [ReadPlacements::SCOPE])),
)]
#[get("/placements/{placementId}/evaluations/{evaluationId}")]
pub async fn get_evaluation(
    can: Can<ReadPlacements>,
    path: Path<(PlacementId, EvaluationId)>,
    db: Data<Db>,
) -> Result<Found<Evaluation>> {
    let (placement, id) = path.into_inner();
    db.read(&can, move |conn| Found::of(&queries::find(conn, placement, id)?)).await
}

/// Correct an evaluation
///
/// Records a new version that takes the place of the standing one, which stays known under the moment
/// it stood. With `withdrawn` it never was, and the answer is the version that was taken back. The side
/// that recorded it may, and the bureau.
#[utoipa::path(
    tag = "Placements",
    params(
        ("placementId" = PlacementId, Path, description = "The placement."),
        ("evaluationId" = EvaluationId, Path, description = "The evaluation."),
    ),
    request_body(content = CorrectEvaluation, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteEvaluations::SCOPE])),
)]
#[patch("/placements/{placementId}/evaluations/{evaluationId}")]
pub async fn correct_evaluation(
    can: Can<WriteEvaluations>,
    path: Path<(PlacementId, EvaluationId)>,
    body: MergePatch<CorrectEvaluation>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Evaluation>> {
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
            let next = rules::correct(&standing, patch, db::today(conn)?)?;
            queries::replace(conn, &standing, &next)?;
            ("corrected", next.row_id)
        };
        audit::record(conn, &actor, Event::new(action, "evaluation", id))?;
        Found::of(&queries::find_version(conn, shown)?)
    })
    .await
}
