//! `/initiatives`.

use actix_web::web::Data;
use actix_web::{HttpRequest, get, patch, post};

use super::model::{
    CreateInitiative, Initiative, InitiativeFilter, InitiativePage, InitiativeStatus, MoveInitiative, PatchInitiative,
};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadInitiatives, TransitionInitiatives, WriteInitiatives};
use crate::db::feed::Feed;
use crate::db::{self, Db};
use crate::error::Result;
use crate::http::accept::{Format, negotiate};
use crate::http::body::{Json, MergePatch};
use crate::http::csv::{Exported, require_whole};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::{InitiativeId, TransitionId};
use crate::lifecycle::{self, Correction, History, State as _};

const FEED: Feed = Feed { table: "initiatives", collection: "initiatives", tenants: &[] };

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_initiatives)
        .service(create_initiative)
        .service(get_initiative)
        .service(update_initiative)
        .service(list_initiative_transitions)
        .service(transition_initiative)
        .service(correct_initiative_transition);
}

/// List initiatives
///
/// The initiatives (initiatieven) you can see: as bureau those of your region, as lead and as
/// partner your own, as fund those proposed to you, as practice or school those of your region;
/// and what is published. Drafts are seen by lead, bureau and partners only. In the order in
/// which they were entered. With `updatedSince` only what changed, in the order of the changes,
/// for a nightly sync: begin with a moment, then send the `nextUpdatedSince` you were given; an
/// item may come twice, none is missed. An item that no longer meets your other filters is not
/// named, so sync without them; and begin again with a moment when you join a region, whose
/// initiatives did not change by that. With `Accept: text/csv` the whole list as a file, without
/// `limit`, `cursor` and `updatedSince`.
#[utoipa::path(tag = "Initiatives", params(InitiativeFilter), security(("bearer" = [ReadInitiatives::SCOPE])))]
#[get("/initiatives")]
pub async fn list_initiatives(
    can: Can<ReadInitiatives>,
    filter: Query<InitiativeFilter>,
    request: HttpRequest,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Exported<InitiativePage>> {
    let (actor, filter) = (can.actor().clone(), filter.into_inner());
    if let Format::Csv(delimiter) = negotiate(&request, &[Format::Json, Format::CSV])? {
        require_whole(&filter, filter.updated_since)?;
        let paging = cursors.open(&can, "initiatives", &filter)?;
        return db
            .export(&can, move |conn| {
                let page = |paging: &_| queries::list(conn, &actor, &filter, paging);
                Exported::file(&paging.all(page, |initiative| initiative.id)?, delimiter)
            })
            .await;
    }
    let Some(since) = filter.updated_since else {
        let paging = cursors.open(&can, "initiatives", &filter)?;
        return db
            .read(&can, move |conn| {
                let rows = queries::list(conn, &actor, &filter, &paging)?;
                Exported::page(&InitiativePage::cut(&paging, rows, |initiative| initiative.id)?)
            })
            .await;
    };
    let paging = cursors.open(&can, "initiatives", &filter)?;
    db.snapshot(&can, move |conn| {
        let window = FEED.window(conn, since, paging.after.as_ref())?;
        let changed = queries::changed(conn, &actor, &filter, &window, paging.fetch())?;
        let removed = FEED.removed(conn, &window, paging.fetch())?;
        Exported::page(&InitiativePage::changes(&paging, &window, changed, removed, |initiative| initiative.id.into())?)
    })
    .await
}

/// Enter an initiative
///
/// Enters a draft. The bureau of the region may enter one for any lead organisation; a practice
/// or school one that it leads itself, in a region it is a member of today. With `effectiveOn`
/// its history begins on an earlier day, so that later steps can be dated when they were taken.
#[utoipa::path(tag = "Initiatives", security(("bearer" = [WriteInitiatives::SCOPE])))]
#[post("/initiatives")]
pub async fn create_initiative(
    can: Can<WriteInitiatives>,
    body: Json<CreateInitiative>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Initiative>> {
    let (actor, digest) = (can.actor().clone(), body.digest());
    once.write(&db, &can, digest, move |conn| {
        let new = body.into_inner();
        rules::may_enter(&new)?;
        let begun = rules::begins_on(&new, db::today(conn)?)?;
        let row = new.into_row();
        queries::insert(conn, &row)?;
        lifecycle::begin(conn, &actor, row.id, InitiativeStatus::Draft, begun, None)?;
        audit::record(conn, &actor, Event::new("created", "initiative", row.id))?;
        Created::of(&queries::find(conn, &actor, row.id)?)
    })
    .await
}

/// Read an initiative
///
/// One initiative with its goals, activities and benefits.
#[utoipa::path(tag = "Initiatives", params(("initiativeId" = InitiativeId, Path, description = "The initiative.")), security(("bearer" = [ReadInitiatives::SCOPE])))]
#[get("/initiatives/{initiativeId}")]
pub async fn get_initiative(
    can: Can<ReadInitiatives>,
    id: Path<InitiativeId>,
    db: Data<Db>,
) -> Result<Found<Initiative>> {
    let actor = can.actor().clone();
    db.read(&can, move |conn| Found::of(&queries::find(conn, &actor, id.into_inner())?)).await
}

/// Change an initiative
///
/// Changes what is sent, clears what is null. The lead organisation and the bureau may; what
/// has been evaluated, withdrawn or abandoned stays as it was.
#[utoipa::path(
    tag = "Initiatives",
    params(("initiativeId" = InitiativeId, Path, description = "The initiative.")),
    request_body(content = PatchInitiative, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteInitiatives::SCOPE])),
)]
#[patch("/initiatives/{initiativeId}")]
pub async fn update_initiative(
    can: Can<WriteInitiatives>,
    id: Path<InitiativeId>,
    body: MergePatch<PatchInitiative>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Initiative>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        let current = queries::find_for_update(conn, id)?;
        if_match.require(current.version)?;
        let patch = body.into_inner();
        rules::may_change(&current, &patch)?;
        queries::update(conn, id, &patch.into_changes(current.version))?;
        audit::record(conn, &actor, Event::new("changed", "initiative", id))?;
        Found::of(&queries::find(conn, &actor, id)?)
    })
    .await
}

/// Read an initiative's history
///
/// Every step of its lifecycle: who took it, in whose name, when and why; corrected steps too.
#[utoipa::path(tag = "Initiatives", params(("initiativeId" = InitiativeId, Path, description = "The initiative.")), security(("bearer" = [ReadInitiatives::SCOPE])))]
#[get("/initiatives/{initiativeId}/transitions")]
pub async fn list_initiative_transitions(
    can: Can<ReadInitiatives>,
    id: Path<InitiativeId>,
    db: Data<Db>,
) -> Result<Listed<History>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.snapshot(&can, move |conn| {
        queries::find(conn, &actor, id)?;
        Listed::of(&lifecycle::history::<InitiativeStatus>(conn, id)?)
    })
    .await
}

/// Move an initiative
///
/// Takes the next step of its lifecycle (see `docs/lifecycles.md`); `allowedTransitions` names
/// the steps there are.
#[utoipa::path(tag = "Initiatives", params(("initiativeId" = InitiativeId, Path, description = "The initiative.")), security(("bearer" = [TransitionInitiatives::SCOPE])))]
#[post("/initiatives/{initiativeId}/transitions")]
pub async fn transition_initiative(
    can: Can<TransitionInitiatives>,
    id: Path<InitiativeId>,
    body: Json<MoveInitiative>,
    once: Once,
    db: Data<Db>,
) -> Result<Found<Initiative>> {
    let (actor, id, digest) = (can.actor().clone(), id.into_inner(), body.digest());
    let table = InitiativeStatus::lifecycle();
    table.may_ask(&actor, body.to)?;
    once.write(&db, &can, digest, move |conn| {
        let current = queries::find_for_update(conn, id)?;
        let (previous, today) = (lifecycle::last_effective_on::<InitiativeStatus>(conn, id)?, db::today(conn)?);
        let step = table.decide(&actor, current.status, previous, today, body.into_inner().into())?;
        lifecycle::advance(conn, &actor, id, &step, None)?;
        audit::record(conn, &actor, Event::new("moved", "initiative", id).with(step.codes()))?;
        Found::of(&queries::find(conn, &actor, id)?)
    })
    .await
}

/// Correct a step of an initiative
///
/// Mends a wrongly recorded day, or takes the last step back. The step stays in the history,
/// marked as superseded.
#[utoipa::path(
    tag = "Initiatives",
    params(
        ("initiativeId" = InitiativeId, Path, description = "The initiative."),
        ("transitionId" = TransitionId, Path, description = "The step to correct."),
    ),
    security(("bearer" = [TransitionInitiatives::SCOPE])),
)]
#[post("/initiatives/{initiativeId}/transitions/{transitionId}/corrections")]
pub async fn correct_initiative_transition(
    can: Can<TransitionInitiatives>,
    path: Path<(InitiativeId, TransitionId)>,
    body: Json<Correction>,
    once: Once,
    db: Data<Db>,
) -> Result<Found<Initiative>> {
    let (actor, digest, (id, step)) = (can.actor().clone(), body.digest(), path.into_inner());
    once.write(&db, &can, digest, move |conn| {
        queries::find_for_update(conn, id)?;
        let today = db::today(conn)?;
        lifecycle::correct::<InitiativeStatus>(conn, &actor, id, step, body.into_inner(), today, None)?;
        audit::record(conn, &actor, Event::new("corrected", "initiative", id))?;
        Found::of(&queries::find(conn, &actor, id)?)
    })
    .await
}
