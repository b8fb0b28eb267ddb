//! `/placement-requests`.

use actix_web::web::Data;
use actix_web::{get, patch, post};
use serde_json::json;

use super::model::{
    CreatePlacementRequest, MovePlacementRequest, PatchPlacementRequest, PlacementRequest, PlacementRequestFilter,
    PlacementRequestPage, PlacementRequestStatus, RankPlacementRequest,
};
use super::rows::{NewRequest, wish_rows};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{
    Permission as _, RankPlacementRequests, ReadPlacementRequests, ReadRequestedStudents, TransitionPlacementRequests,
    WritePlacementRequests,
};
use crate::db::feed::{Feed, Owner, Tenant};
use crate::db::{self, Db};
use crate::education::students::{self, STUDENT_INACTIVE, Student};
use crate::error::Result;
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::ids::{PlacementRequestId, TransitionId};
use crate::kernel::role::Role;
use crate::lifecycle::{self, Correction, History, State as _};
use crate::regions::memberships::{hosts_among, is_member};

const FEED: Feed = Feed {
    table: "placement_requests",
    collection: "placement-requests",
    tenants: &[
        Tenant { role: Role::School, column: "school_id", owner: Owner::Organisation },
        Tenant { role: Role::Region, column: "region_id", owner: Owner::Regions },
    ],
};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_placement_requests)
        .service(create_placement_request)
        .service(get_placement_request)
        .service(update_placement_request)
        .service(rank_placement_request)
        .service(get_student_of_placement_request)
        .service(list_placement_request_transitions)
        .service(transition_placement_request)
        .service(correct_placement_request_transition);
}

/// List placement requests
///
/// The requests for a seat (stageaanvragen) you can see: as school your own, as bureau those to
/// your region, in the order in which they were entered; the waiting list has an order of its own.
/// With `updatedSince` only what changed, in the order of the changes, for a nightly sync: begin
/// with a moment, then send the `nextUpdatedSince` you were given; an item may come twice, none
/// is missed. An item that no longer meets your other filters is not named, so sync without them.
#[utoipa::path(tag = "Placement requests", params(PlacementRequestFilter), security(("bearer" = [ReadPlacementRequests::SCOPE])))]
#[get("/placement-requests")]
pub async fn list_placement_requests(
    can: Can<ReadPlacementRequests>,
    filter: Query<PlacementRequestFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<PlacementRequestPage>> {
    let (actor, filter) = (can.actor().clone(), filter.into_inner());
    let Some(since) = filter.updated_since else {
        let paging = cursors.open(&can, "placement-requests", &filter)?;
        return db
            .snapshot(&can, move |conn| {
                let rows = queries::list(conn, &actor, &filter, &paging)?;
                Listed::of(&PlacementRequestPage::cut(&paging, rows, |request| request.id)?)
            })
            .await;
    };
    let paging = cursors.open(&can, "placement-requests", &filter)?;
    db.snapshot(&can, move |conn| {
        let window = FEED.window(conn, since, paging.after.as_ref())?;
        let changed = queries::changed(conn, &actor, &filter, &window, paging.fetch())?;
        let removed = FEED.removed(conn, &window, paging.fetch())?;
        Listed::of(&PlacementRequestPage::changes(&paging, &window, changed, removed, |request| request.id.into())?)
    })
    .await
}

/// Ask for a seat
///
/// Asks a region for a seat (stageplaats) for a student of your school, who thereby comes on its
/// waiting list. The school is a member of that region today, and so is each host that is wished
/// for. A student has one open request for the same days (409 `request-overlap`), and none beside a
/// seat on another request for them (409 `placement-overlap`); once that placement has ended, you may
/// ask again. While the request is open the bureau sees who the student is; once its last day has
/// passed it lapses, if nobody closed it.
#[utoipa::path(tag = "Placement requests", security(("bearer" = [WritePlacementRequests::SCOPE])))]
#[post("/placement-requests")]
pub async fn create_placement_request(
    can: Can<WritePlacementRequests>,
    body: Json<CreatePlacementRequest>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<PlacementRequest>> {
    let (actor, digest) = (can.actor().clone(), body.digest());
    once.write(&db, &can, digest, move |conn| {
        let new = body.into_inner();
        let today = db::today(conn)?;
        rules::may_ask(&new, today)?;
        let asked = queries::asked_for(conn, new.student_id)?.ok_or_else(|| UNKNOWN_REFERENCE.fault("/studentId"))?;
        if !is_member(conn, asked.school_id, new.region_id, today.0)? {
            return Err(rules::NO_MEMBER.fault("/regionId").into());
        }
        let hosts = hosts_among(conn, new.region_id, &rules::wished(&new.wishes), today.0)?;
        rules::hosts_of_region(&new.wishes, &hosts)?;
        if !asked.active {
            return Err(STUDENT_INACTIVE.conflict());
        }
        let row = NewRequest {
            id: PlacementRequestId::new(),
            school_id: asked.school_id,
            student_id: new.student_id,
            region_id: new.region_id,
            programme_id: asked.programme_id,
            qualification_id: asked.qualification_id,
            starts_on: new.starts_on.date(),
            ends_on: new.ends_on.date(),
        };
        queries::insert(conn, &row, &wish_rows(row.id, row.school_id, row.region_id, new.wishes))?;
        lifecycle::begin(conn, &actor, row.id, PlacementRequestStatus::Open, today.0, None)?;
        audit::record(conn, &actor, Event::new("created", "placement-request", row.id))?;
        Created::of(&queries::find(conn, &actor, row.id)?)
    })
    .await
}

/// Read a placement request
///
/// One request with its wishes.
#[utoipa::path(tag = "Placement requests", params(("placementRequestId" = PlacementRequestId, Path, description = "The request.")), security(("bearer" = [ReadPlacementRequests::SCOPE])))]
#[get("/placement-requests/{placementRequestId}")]
pub async fn get_placement_request(
    can: Can<ReadPlacementRequests>,
    id: Path<PlacementRequestId>,
    db: Data<Db>,
) -> Result<Found<PlacementRequest>> {
    let actor = can.actor().clone();
    db.snapshot(&can, move |conn| Found::of(&queries::find(conn, &actor, id.into_inner())?)).await
}

/// Change a placement request
///
/// Changes the period or the wishes of a request that is open. The school may.
#[utoipa::path(
    tag = "Placement requests",
    params(("placementRequestId" = PlacementRequestId, Path, description = "The request.")),
    request_body(content = PatchPlacementRequest, content_type = "application/merge-patch+json"),
    security(("bearer" = [WritePlacementRequests::SCOPE])),
)]
#[patch("/placement-requests/{placementRequestId}")]
pub async fn update_placement_request(
    can: Can<WritePlacementRequests>,
    id: Path<PlacementRequestId>,
    body: MergePatch<PatchPlacementRequest>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<PlacementRequest>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        let standing = queries::find_for_update(conn, id)?;
        if_match.require(standing.version)?;
        let (patch, today) = (body.into_inner(), db::today(conn)?);
        let period = rules::changed(&standing, &patch, today)?;
        let wishes = patch.wishes.into_change();
        if let Some(wishes) = &wishes {
            let hosts = hosts_among(conn, standing.region_id, &rules::wished(wishes), today.0)?;
            rules::hosts_of_region(wishes, &hosts)?;
        }
        let wishes = wishes.map(|wishes| wish_rows(id, standing.school_id, standing.region_id, wishes));
        queries::update(conn, id, period, wishes.as_deref())?;
        if period != (standing.starts_on, standing.ends_on) {
            queries::require_no_seat(conn, id)?;
        }
        audit::record(conn, &actor, Event::new("changed", "placement-request", id))?;
        Found::of(&queries::find(conn, &actor, id)?)
    })
    .await
}

/// Rank a request on the waiting list
///
/// Grants or takes back a priority (voorrang), or says that the request waits longer than its
/// entry shows, with the reason. The bureau may, while the request is open.
#[utoipa::path(
    tag = "Placement requests",
    params(("placementRequestId" = PlacementRequestId, Path, description = "The request.")),
    request_body(content = RankPlacementRequest, content_type = "application/merge-patch+json"),
    security(("bearer" = [RankPlacementRequests::SCOPE])),
)]
#[patch("/placement-requests/{placementRequestId}/ranking")]
pub async fn rank_placement_request(
    can: Can<RankPlacementRequests>,
    id: Path<PlacementRequestId>,
    body: MergePatch<RankPlacementRequest>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<PlacementRequest>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        let standing = queries::find_for_update(conn, id)?;
        if_match.require(standing.version)?;
        let rank = rules::placed_on_list(&standing, body.into_inner())?;
        queries::rank(conn, id, &rank)?;
        let codes = json!({ "priority": rank.priority, "since": rank.since });
        audit::record(conn, &actor, Event::new("ranked", "placement-request", id).with(codes))?;
        Found::of(&queries::find(conn, &actor, id)?)
    })
    .await
}

/// Read the student of a placement request
///
/// Who the request is for, with name, programme and availability: the school's own always, for
/// the bureau while the request is open and its last day has not passed. Personal data: who saw
/// whom is recorded.
#[utoipa::path(
    tag = "Placement requests",
    params(("placementRequestId" = PlacementRequestId, Path, description = "The request.")),
    security(("bearer" = [ReadRequestedStudents::SCOPE])),
    extensions(("x-personal-data" = json!(true))),
)]
#[get("/placement-requests/{placementRequestId}/student")]
pub async fn get_student_of_placement_request(
    can: Can<ReadRequestedStudents>,
    id: Path<PlacementRequestId>,
    db: Data<Db>,
) -> Result<Found<Student>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    audit::show(&db, &can, move |conn| {
        let student = queries::student_of(conn, id)?;
        let student = students::find(conn, student)?;
        audit::record_access(conn, &actor, "get_student_of_placement_request", [student.id])?;
        Found::of(&student)
    })
    .await
}

/// Read a placement request's history
///
/// Every step of its lifecycle: who took it, when and why; corrected steps too.
#[utoipa::path(tag = "Placement requests", params(("placementRequestId" = PlacementRequestId, Path, description = "The request.")), security(("bearer" = [ReadPlacementRequests::SCOPE])))]
#[get("/placement-requests/{placementRequestId}/transitions")]
pub async fn list_placement_request_transitions(
    can: Can<ReadPlacementRequests>,
    id: Path<PlacementRequestId>,
    db: Data<Db>,
) -> Result<Listed<History>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.snapshot(&can, move |conn| {
        queries::find(conn, &actor, id)?;
        Listed::of(&lifecycle::history::<PlacementRequestStatus>(conn, id)?)
    })
    .await
}

/// Move a placement request
///
/// Takes the next step of its lifecycle (see `docs/lifecycles.md`); `allowedTransitions` names
/// the steps there are. Nobody moves it to `placed` by hand: that follows the placement, and so
/// does its way back, after which the request has the place it had.
#[utoipa::path(tag = "Placement requests", params(("placementRequestId" = PlacementRequestId, Path, description = "The request.")), security(("bearer" = [TransitionPlacementRequests::SCOPE])))]
#[post("/placement-requests/{placementRequestId}/transitions")]
pub async fn transition_placement_request(
    can: Can<TransitionPlacementRequests>,
    id: Path<PlacementRequestId>,
    body: Json<MovePlacementRequest>,
    once: Once,
    db: Data<Db>,
) -> Result<Found<PlacementRequest>> {
    let (actor, id, digest) = (can.actor().clone(), id.into_inner(), body.digest());
    let table = PlacementRequestStatus::lifecycle();
    table.may_ask(&actor, body.to)?;
    once.write(&db, &can, digest, move |conn| {
        let current = queries::find_for_update(conn, id)?;
        let (previous, today) = (lifecycle::last_effective_on::<PlacementRequestStatus>(conn, id)?, db::today(conn)?);
        let step = table.decide(&actor, current.status, previous, today, body.into_inner().into())?;
        lifecycle::advance(conn, &actor, id, &step, None)?;
        audit::record(conn, &actor, Event::new("moved", "placement-request", id).with(step.codes()))?;
        Found::of(&queries::find(conn, &actor, id)?)
    })
    .await
}

/// Correct a step of a placement request
///
/// Mends a wrongly recorded day, or takes the last step back. The step stays in the history,
/// marked as superseded.
#[utoipa::path(
    tag = "Placement requests",
    params(
        ("placementRequestId" = PlacementRequestId, Path, description = "The request."),
        ("transitionId" = TransitionId, Path, description = "The step to correct."),
    ),
    security(("bearer" = [TransitionPlacementRequests::SCOPE])),
)]
#[post("/placement-requests/{placementRequestId}/transitions/{transitionId}/corrections")]
pub async fn correct_placement_request_transition(
    can: Can<TransitionPlacementRequests>,
    path: Path<(PlacementRequestId, TransitionId)>,
    body: Json<Correction>,
    once: Once,
    db: Data<Db>,
) -> Result<Found<PlacementRequest>> {
    let (actor, digest, (id, step)) = (can.actor().clone(), body.digest(), path.into_inner());
    once.write(&db, &can, digest, move |conn| {
        queries::find_for_update(conn, id)?;
        let today = db::today(conn)?;
        let state =
            lifecycle::correct::<PlacementRequestStatus>(conn, &actor, id, step, body.into_inner(), today, None)?;
        if state == PlacementRequestStatus::Open {
            queries::require_no_seat(conn, id)?;
        }
        audit::record(conn, &actor, Event::new("corrected", "placement-request", id))?;
        Found::of(&queries::find(conn, &actor, id)?)
    })
    .await
}
