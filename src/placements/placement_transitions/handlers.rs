//! `/placements/{placementId}/transitions`.

use actix_web::web::Data;
use actix_web::{get, post};

use super::actions;
use super::model::MovePlacement;
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadPlacements, TransitionPlacements};
use crate::db::Db;
use crate::error::Result;
use crate::http::body::Json;
use crate::http::idempotency::Once;
use crate::http::path::Path;
use crate::http::reply::{Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::{PlacementId, TransitionId};
use crate::lifecycle::{self, Correction, History, State as _};
use crate::placements::placements::{self, Placement, PlacementStatus};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_placement_transitions).service(transition_placement).service(correct_placement_transition);
}

/// Read a placement's history
///
/// Every step of its lifecycle: who took it, when and why; corrected steps too.
#[utoipa::path(tag = "Placements", params(("placementId" = PlacementId, Path, description = "The placement.")), security(("bearer" = [ReadPlacements::SCOPE])))]
#[get("/placements/{placementId}/transitions")]
pub async fn list_placement_transitions(
    can: Can<ReadPlacements>,
    id: Path<PlacementId>,
    db: Data<Db>,
) -> Result<Listed<History>> {
    let id = id.into_inner();
    db.snapshot(&can, move |conn| {
        placements::require_visible(conn, id)?;
        Listed::of(&lifecycle::history::<PlacementStatus>(conn, id)?)
    })
    .await
}

/// Move a placement
///
/// Takes the next step of its lifecycle (see `docs/lifecycles.md`); `allowedTransitions` names the
/// steps there are. `reserved` takes a seat of the offer and the student's days, for 14 days unless
/// the bureau keeps it longer; it is refused when no seat is left, the student has one already, or the host
/// is no member of the region today (409 `not-a-host`).
/// `introduced` and `confirmed` disclose the student's name to the host. `confirmed` and `declined`
/// are the host's, or its bureau's under a mandate for placements. `agreement-pending` needs the first
/// sheet of an agreement (409 `sheet-missing`), `ready` all that its readiness names. `active` is on or
/// after the first day and the day of the last signature, an end on or after the first day. A step that
/// ends the placement gives the seat back; when it came to nothing, the school's request is open again
/// at its old place. After an early end the school asks anew.
#[utoipa::path(tag = "Placements", params(("placementId" = PlacementId, Path, description = "The placement.")), security(("bearer" = [TransitionPlacements::SCOPE])))]
#[post("/placements/{placementId}/transitions")]
pub async fn transition_placement(
    can: Can<TransitionPlacements>,
    id: Path<PlacementId>,
    body: Json<MovePlacement>,
    once: Once,
    db: Data<Db>,
) -> Result<Found<Placement>> {
    let (actor, id, digest) = (can.actor().clone(), id.into_inner(), body.digest());
    PlacementStatus::lifecycle().may_ask(&actor, body.to)?;
    once.write(&db, &can, digest, move |conn| {
        actions::advance(conn, &actor, id, body.into_inner().into())?;
        Found::of(&placements::find(conn, &actor, id)?)
    })
    .await
}

/// Correct a step of a placement
///
/// Mends a wrongly recorded day, or takes the last step back. The step stays in the history,
/// marked as superseded. The right day is judged as that of the step was. A seat that was given back is
/// taken again only while the offer is published (409 `offer-not-published`). The side that took the step
/// may, or in whose name it was taken.
#[utoipa::path(
    tag = "Placements",
    params(
        ("placementId" = PlacementId, Path, description = "The placement."),
        ("transitionId" = TransitionId, Path, description = "The step to correct."),
    ),
    security(("bearer" = [TransitionPlacements::SCOPE])),
)]
#[post("/placements/{placementId}/transitions/{transitionId}/corrections")]
pub async fn correct_placement_transition(
    can: Can<TransitionPlacements>,
    path: Path<(PlacementId, TransitionId)>,
    body: Json<Correction>,
    once: Once,
    db: Data<Db>,
) -> Result<Found<Placement>> {
    let (actor, digest, (id, step)) = (can.actor().clone(), body.digest(), path.into_inner());
    once.write(&db, &can, digest, move |conn| {
        actions::correct(conn, &actor, id, step, body.into_inner())?;
        Found::of(&placements::find(conn, &actor, id)?)
    })
    .await
}
