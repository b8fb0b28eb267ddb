//! `/placement-requests/{placementRequestId}/signals`.

use actix_web::web::Data;
use actix_web::{get, post};

use super::model::{NewSignal, RaiseSignal, Signal, SignalPage, SignalStatus, SubjectSignalFilter};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, RaiseRequestSignals, ReadRequestSignals};
use crate::db::{self, Db};
use crate::error::Result;
use crate::http::body::Json;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::{PlacementRequestId, SignalId};
use crate::lifecycle;
use crate::placements::requests::{find_open, require_visible};

/// The routes of signals about requests.
pub(super) fn routes(routes: &mut Routes<'_>) {
    routes.service(list_request_signals).service(raise_request_signal);
}

/// List the signals of a request
///
/// What is the matter with it (signalen), in the order in which it was raised.
#[utoipa::path(
    tag = "Signals",
    params(("placementRequestId" = PlacementRequestId, Path, description = "The request."), SubjectSignalFilter),
    security(("bearer" = [ReadRequestSignals::SCOPE])),
)]
#[get("/placement-requests/{placementRequestId}/signals")]
pub async fn list_request_signals(
    can: Can<ReadRequestSignals>,
    id: Path<PlacementRequestId>,
    filter: Query<SubjectSignalFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<SignalPage>> {
    let (actor, id, filter) = (can.actor().clone(), id.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("placement-requests/{id}/signals"), &filter)?;
    db.read(&can, move |conn| {
        require_visible(conn, id)?;
        let rows = queries::list(conn, &actor, &filter.of(None, Some(id)), &paging)?;
        Listed::of(&SignalPage::cut(&paging, rows, |signal| signal.id)?)
    })
    .await
}

/// Raise a signal about a request
///
/// Says that something is the matter with a request that is open (signaal afgeven), without names and
/// without anything about health. School and bureau may, and both see it and follow it up like a signal
/// about a placement.
#[utoipa::path(
    tag = "Signals",
    params(("placementRequestId" = PlacementRequestId, Path, description = "The request.")),
    security(("bearer" = [RaiseRequestSignals::SCOPE])),
)]
#[post("/placement-requests/{placementRequestId}/signals")]
pub async fn raise_request_signal(
    can: Can<RaiseRequestSignals>,
    id: Path<PlacementRequestId>,
    body: Json<RaiseSignal>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Signal>> {
    let (actor, digest, id) = (can.actor().clone(), body.digest(), id.into_inner());
    once.write(&db, &can, digest, move |conn| {
        let (school_id, region_id) = find_open(conn, id)?;
        let new = body.into_inner();
        let raised_on = rules::raised_about_request(&new, db::today(conn)?)?;
        let row = NewSignal {
            id: SignalId::new(),
            placement_id: None,
            request_id: Some(id),
            region_id,
            school_id,
            practice_id: None,
            kind: new.kind,
            description: new.description,
            raised_on,
            shown_to_practice: false,
        };
        queries::insert(conn, &row)?;
        lifecycle::begin(conn, &actor, row.id, SignalStatus::Raised, raised_on, None)?;
        audit::record(conn, &actor, Event::new("raised", "signal", row.id))?;
        Created::of(&queries::find(conn, &actor, row.id)?)
    })
    .await
}
