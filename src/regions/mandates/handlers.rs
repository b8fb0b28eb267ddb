//! `/mandates`.

use actix_web::web::Data;
use actix_web::{get, post};

use super::model::{CreateMandate, Mandate, MandateFilter, MandatePage, MandateStatus, MoveMandate};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadMandates, RequestMandates, TransitionMandates};
use crate::db::{self, Db};
use crate::error::{Error, Result};
use crate::http::body::Json;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::{MandateId, TransitionId};
use crate::lifecycle::{self, Correction, History, State as _};
use crate::regions::memberships::hosts_in;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_mandates)
        .service(create_mandate)
        .service(get_mandate)
        .service(list_mandate_transitions)
        .service(transition_mandate)
        .service(correct_mandate_transition);
}

/// List mandates
///
/// The mandates (machtigingen) you can see: as practice those you gave or are asked for, as
/// bureau those of your region. In the order in which they were entered.
#[utoipa::path(tag = "Mandates", params(MandateFilter), security(("bearer" = [ReadMandates::SCOPE])))]
#[get("/mandates")]
pub async fn list_mandates(
    can: Can<ReadMandates>,
    filter: Query<MandateFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<MandatePage>> {
    let filter = filter.into_inner();
    let paging = cursors.open(&can, "mandates", &filter)?;
    let actor = can.actor().clone();
    db.read(&can, move |conn| {
        let rows = queries::list(conn, &actor, &filter, &paging)?;
        Listed::of(&MandatePage::cut(&paging, rows, |mandate| mandate.id)?)
    })
    .await
}

/// Request a mandate, or record one from paper
///
/// As bureau, asks a practice of your region for a mandate (machtiging), which the practice then
/// grants or declines. With `evidence` it records one that the practice gave on paper: it is
/// granted at once, and the practice sees it and can revoke it. Both stand in the trail of
/// practice and bureau.
#[utoipa::path(tag = "Mandates", security(("bearer" = [RequestMandates::SCOPE])))]
#[post("/mandates")]
pub async fn create_mandate(
    can: Can<RequestMandates>,
    body: Json<CreateMandate>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Mandate>> {
    let (actor, digest) = (can.actor().clone(), body.digest());
    let bureau = actor.organisation.ok_or(Error::Unauthenticated)?;
    once.write(&db, &can, digest, move |conn| {
        let (new, today) = (body.into_inner(), db::today(conn)?);
        rules::may_enter(&new, today)?;
        if !hosts_in(conn, new.practice_id, new.region_id, today.0)? {
            return Err(rules::NOT_A_HOST.fault("/practiceId").into());
        }
        let row = new.into_row(bureau, today);
        queries::insert(conn, &row)?;
        let on_paper = (row.status == MandateStatus::Granted).then_some((row.practice_id, row.id));
        lifecycle::begin(
            conn,
            &actor,
            row.id,
            row.status,
            rules::begins_on(row.status, row.valid_from, today),
            on_paper,
        )?;
        audit::record(conn, &actor, Event::new("created", "mandate", row.id).on_behalf_of(on_paper))?;
        Created::of(&queries::find(conn, &actor, row.id)?)
    })
    .await
}

/// Read a mandate
///
/// One mandate with its scopes and its period.
#[utoipa::path(tag = "Mandates", params(("mandateId" = MandateId, Path, description = "The mandate.")), security(("bearer" = [ReadMandates::SCOPE])))]
#[get("/mandates/{mandateId}")]
pub async fn get_mandate(can: Can<ReadMandates>, id: Path<MandateId>, db: Data<Db>) -> Result<Found<Mandate>> {
    let actor = can.actor().clone();
    db.read(&can, move |conn| Found::of(&queries::find(conn, &actor, id.into_inner())?)).await
}

/// Read a mandate's history
///
/// Every step of its lifecycle: who took it, in whose name, when and why; corrected steps too.
#[utoipa::path(tag = "Mandates", params(("mandateId" = MandateId, Path, description = "The mandate.")), security(("bearer" = [ReadMandates::SCOPE])))]
#[get("/mandates/{mandateId}/transitions")]
pub async fn list_mandate_transitions(
    can: Can<ReadMandates>,
    id: Path<MandateId>,
    db: Data<Db>,
) -> Result<Listed<History>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.snapshot(&can, move |conn| {
        queries::find(conn, &actor, id)?;
        Listed::of(&lifecycle::history::<MandateStatus>(conn, id)?)
    })
    .await
}

/// Move a mandate
///
/// The practice grants, declines or revokes; the bureau takes its request back or gives the
/// mandate back. What is granted holds from that day on at the earliest; what is revoked stops
/// working within five seconds. `allowedTransitions` names the steps there are.
#[utoipa::path(tag = "Mandates", params(("mandateId" = MandateId, Path, description = "The mandate.")), security(("bearer" = [TransitionMandates::SCOPE])))]
#[post("/mandates/{mandateId}/transitions")]
pub async fn transition_mandate(
    can: Can<TransitionMandates>,
    id: Path<MandateId>,
    body: Json<MoveMandate>,
    once: Once,
    db: Data<Db>,
) -> Result<Found<Mandate>> {
    let (actor, id, digest) = (can.actor().clone(), id.into_inner(), body.digest());
    let table = MandateStatus::lifecycle();
    table.may_ask(&actor, body.to)?;
    once.write(&db, &can, digest, move |conn| {
        let current = queries::find_for_update(conn, id)?;
        let (previous, today) = (lifecycle::last_effective_on::<MandateStatus>(conn, id)?, db::today(conn)?);
        let step = table.decide(&actor, current.status, previous, today, body.into_inner().into())?;
        if let Some(valid_from) = rules::period_after(&current, &step)? {
            queries::begin_on(conn, id, valid_from)?;
        }
        lifecycle::advance(conn, &actor, id, &step, None)?;
        audit::record(conn, &actor, Event::new("moved", "mandate", id).with(step.codes()))?;
        Found::of(&queries::find(conn, &actor, id)?)
    })
    .await
}

/// Correct a step of a mandate
///
/// Mends a wrongly recorded day, or takes the last step back; only the side that took the step
/// does. The step stays in the history, marked as superseded.
#[utoipa::path(
    tag = "Mandates",
    params(
        ("mandateId" = MandateId, Path, description = "The mandate."),
        ("transitionId" = TransitionId, Path, description = "The step to correct."),
    ),
    security(("bearer" = [TransitionMandates::SCOPE])),
)]
#[post("/mandates/{mandateId}/transitions/{transitionId}/corrections")]
pub async fn correct_mandate_transition(
    can: Can<TransitionMandates>,
    path: Path<(MandateId, TransitionId)>,
    body: Json<Correction>,
    once: Once,
    db: Data<Db>,
) -> Result<Found<Mandate>> {
    let (actor, digest, (id, step)) = (can.actor().clone(), body.digest(), path.into_inner());
    once.write(&db, &can, digest, move |conn| {
        queries::find_for_update(conn, id)?;
        let today = db::today(conn)?;
        lifecycle::correct::<MandateStatus>(conn, &actor, id, step, body.into_inner(), today, None)?;
        audit::record(conn, &actor, Event::new("corrected", "mandate", id))?;
        Found::of(&queries::find(conn, &actor, id)?)
    })
    .await
}
