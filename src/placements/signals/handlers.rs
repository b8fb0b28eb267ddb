//! `/signals` and `/placements/{placementId}/signals`; those of requests are in `of_requests`, the steps in
//! `steps`.

use actix_web::web::Data;
use actix_web::{get, post};

use super::model::{NewSignal, RaiseSignal, Signal, SignalFilter, SignalPage, SignalStatus, SubjectSignalFilter};
use super::{of_requests, queries, rules, steps};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, RaiseSignals, ReadSignals};
use crate::db::{self, Db};
use crate::error::Result;
use crate::http::body::Json;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::{PlacementId, SignalId};
use crate::lifecycle;
use crate::placements::placements::{find_parent, require_visible};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_signals)
        .service(list_placement_signals)
        .service(raise_signal)
        .service(get_signal)
        .configure(of_requests::routes)
        .configure(steps::routes);
}

/// List signals
///
/// What is the matter (signalen) with the placements and requests you can see, in the order in which
/// it was raised: as school of your students, as bureau in your region, as host what you raised or
/// were shown. A student who leaves the roster is flagged here, once per live placement and open
/// request, to school and bureau.
#[utoipa::path(tag = "Signals", params(SignalFilter), security(("bearer" = [ReadSignals::SCOPE])))]
#[get("/signals")]
pub async fn list_signals(
    can: Can<ReadSignals>,
    filter: Query<SignalFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<SignalPage>> {
    let (actor, filter) = (can.actor().clone(), filter.into_inner());
    let paging = cursors.open(&can, "signals", &filter)?;
    db.read(&can, move |conn| {
        let rows = queries::list(conn, &actor, &filter, &paging)?;
        Listed::of(&SignalPage::cut(&paging, rows, |signal| signal.id)?)
    })
    .await
}

/// List the signals of a placement
///
/// What is the matter with it (signalen), in the order in which it was raised. School and bureau see
/// them all, the host what it raised or was shown.
#[utoipa::path(
    tag = "Signals",
    params(("placementId" = PlacementId, Path, description = "The placement."), SubjectSignalFilter),
    security(("bearer" = [ReadSignals::SCOPE])),
)]
#[get("/placements/{placementId}/signals")]
pub async fn list_placement_signals(
    can: Can<ReadSignals>,
    id: Path<PlacementId>,
    filter: Query<SubjectSignalFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<SignalPage>> {
    let (actor, id, filter) = (can.actor().clone(), id.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("placements/{id}/signals"), &filter)?;
    db.read(&can, move |conn| {
        require_visible(conn, id)?;
        let rows = queries::list(conn, &actor, &filter.of(Some(id), None), &paging)?;
        Listed::of(&SignalPage::cut(&paging, rows, |signal| signal.id)?)
    })
    .await
}

/// Raise a signal
///
/// Says that something is the matter with a placement (signaal afgeven), without names and without
/// anything about health. School, host and bureau may. School and bureau decide whether the host
/// sees what they raise; what a host raises all three see.
#[utoipa::path(
    tag = "Signals",
    params(("placementId" = PlacementId, Path, description = "The placement.")),
    security(("bearer" = [RaiseSignals::SCOPE])),
)]
#[post("/placements/{placementId}/signals")]
pub async fn raise_signal(
    can: Can<RaiseSignals>,
    id: Path<PlacementId>,
    body: Json<RaiseSignal>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Signal>> {
    let (actor, digest, id) = (can.actor().clone(), body.digest(), id.into_inner());
    once.write(&db, &can, digest, move |conn| {
        let key = find_parent(conn, id)?.key();
        let new = body.into_inner();
        let raised_on = rules::raised(&new, db::today(conn)?)?;
        let row = NewSignal {
            id: SignalId::new(),
            placement_id: Some(key.placement_id),
            request_id: None,
            region_id: key.region_id,
            school_id: key.school_id,
            practice_id: Some(key.practice_id),
            kind: new.kind,
            description: new.description,
            raised_on,
            shown_to_practice: rules::shown_to_practice(&actor.scope(), new.shown_to_practice),
        };
        queries::insert(conn, &row)?;
        lifecycle::begin(conn, &actor, row.id, SignalStatus::Raised, raised_on, None)?;
        audit::record(conn, &actor, Event::new("raised", "signal", row.id))?;
        Created::of(&queries::find(conn, &actor, row.id)?)
    })
    .await
}

/// Read a signal
///
/// What is the matter, and where it stands.
#[utoipa::path(tag = "Signals", params(("signalId" = SignalId, Path, description = "The signal.")), security(("bearer" = [ReadSignals::SCOPE])))]
#[get("/signals/{signalId}")]
pub async fn get_signal(can: Can<ReadSignals>, id: Path<SignalId>, db: Data<Db>) -> Result<Found<Signal>> {
    let actor = can.actor().clone();
    db.read(&can, move |conn| Found::of(&queries::find(conn, &actor, id.into_inner())?)).await
}
