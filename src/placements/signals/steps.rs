//! `/signals/{signalId}/transitions`: who sees to it, and how it ends.

use actix_web::web::Data;
use actix_web::{get, post};

use super::model::{MoveSignal, SIGNAL_LIFECYCLE, Signal, SignalStatus};
use super::queries;
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadSignals, TransitionSignals};
use crate::db::{self, Db};
use crate::error::Result;
use crate::http::body::Json;
use crate::http::idempotency::Once;
use crate::http::path::Path;
use crate::http::reply::{Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::{SignalId, TransitionId};
use crate::lifecycle::{self, Correction, History};

/// The routes of the steps.
pub(super) fn routes(routes: &mut Routes<'_>) {
    routes.service(list_signal_transitions).service(transition_signal).service(correct_signal_transition);
}

/// Read a signal's history
///
/// Every step of its lifecycle: who took it, when and why; corrected steps too.
#[utoipa::path(tag = "Signals", params(("signalId" = SignalId, Path, description = "The signal.")), security(("bearer" = [ReadSignals::SCOPE])))]
#[get("/signals/{signalId}/transitions")]
pub async fn list_signal_transitions(
    can: Can<ReadSignals>,
    id: Path<SignalId>,
    db: Data<Db>,
) -> Result<Listed<History>> {
    let id = id.into_inner();
    db.snapshot(&can, move |conn| {
        queries::require_visible(conn, id)?;
        Listed::of(&lifecycle::history::<SignalStatus>(conn, id)?)
    })
    .await
}

/// Move a signal
///
/// Takes the next step of its lifecycle (see `docs/lifecycles.md`); `allowedTransitions` names the
/// steps there are. School and bureau follow up; the placement itself is ended by a step of its own.
#[utoipa::path(tag = "Signals", params(("signalId" = SignalId, Path, description = "The signal.")), security(("bearer" = [TransitionSignals::SCOPE])))]
#[post("/signals/{signalId}/transitions")]
pub async fn transition_signal(
    can: Can<TransitionSignals>,
    id: Path<SignalId>,
    body: Json<MoveSignal>,
    once: Once,
    db: Data<Db>,
) -> Result<Found<Signal>> {
    let (actor, id, digest) = (can.actor().clone(), id.into_inner(), body.digest());
    SIGNAL_LIFECYCLE.may_ask(&actor, body.to)?;
    once.write(&db, &can, digest, move |conn| {
        let current = queries::find_for_update(conn, id)?;
        let (previous, today) = (lifecycle::last_effective_on::<SignalStatus>(conn, id)?, db::today(conn)?);
        let step = SIGNAL_LIFECYCLE.decide(&actor, current, previous, today, body.into_inner().into())?;
        lifecycle::advance(conn, &actor, id, &step, None)?;
        audit::record(conn, &actor, Event::new("moved", "signal", id).with(step.codes()))?;
        Found::of(&queries::find(conn, &actor, id)?)
    })
    .await
}

/// Correct a step of a signal
///
/// Mends a wrongly recorded day, or takes the last step back. The step stays in the history, marked
/// as superseded. The side that took it may.
#[utoipa::path(
    tag = "Signals",
    params(
        ("signalId" = SignalId, Path, description = "The signal."),
        ("transitionId" = TransitionId, Path, description = "The step to correct."),
    ),
    security(("bearer" = [TransitionSignals::SCOPE])),
)]
#[post("/signals/{signalId}/transitions/{transitionId}/corrections")]
pub async fn correct_signal_transition(
    can: Can<TransitionSignals>,
    path: Path<(SignalId, TransitionId)>,
    body: Json<Correction>,
    once: Once,
    db: Data<Db>,
) -> Result<Found<Signal>> {
    let (actor, digest, (id, step)) = (can.actor().clone(), body.digest(), path.into_inner());
    once.write(&db, &can, digest, move |conn| {
        queries::find_for_update(conn, id)?;
        let today = db::today(conn)?;
        lifecycle::correct::<SignalStatus>(conn, &actor, id, step, body.into_inner(), today, None)?;
        audit::record(conn, &actor, Event::new("corrected", "signal", id))?;
        Found::of(&queries::find(conn, &actor, id)?)
    })
    .await
}
