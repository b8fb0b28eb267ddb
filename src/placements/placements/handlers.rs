//! `/placements`.

use actix_web::web::Data;
use actix_web::{get, patch, post};

use super::model::{
    CreatePlacement, PatchGuidance, PatchPlacement, PatchReservation, Placement, PlacementFilter, PlacementPage,
};
use super::{actions, queries};
use crate::audit;
use crate::auth::Can;
use crate::auth::permissions::{
    GuidePlacements, KeepPlacements, Permission as _, ProposePlacements, ReadPlacements, ReadStudentIdentities,
    WritePlacements,
};
use crate::db::Db;
use crate::db::feed::{Feed, Owner, Tenant};
use crate::education::student_identities::{self, StudentIdentity};
use crate::error::Result;
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::PlacementId;
use crate::kernel::role::Role;

const FEED: Feed = Feed {
    table: "placements",
    collection: "placements",
    tenants: &[
        Tenant { role: Role::Practice, column: "practice_id", owner: Owner::Organisation },
        Tenant { role: Role::School, column: "school_id", owner: Owner::Organisation },
        Tenant { role: Role::Region, column: "region_id", owner: Owner::Regions },
    ],
};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_placements)
        .service(create_placement)
        .service(get_placement)
        .service(update_placement)
        .service(guide_placement)
        .service(keep_placement)
        .service(get_student_of_placement);
}

/// List placements
///
/// The placements (plaatsingen) you can see: as school of your students, as host on your seats, as
/// bureau in your region; in the order in which they were entered. Students are ids here. With
/// `updatedSince` only what changed, in the order of the changes: begin with a moment, then send
/// the `nextUpdatedSince` you were given; an item may come twice, none is missed. An item that no
/// longer meets your other filters is not named, so sync without them.
#[utoipa::path(tag = "Placements", params(PlacementFilter), security(("bearer" = [ReadPlacements::SCOPE])))]
#[get("/placements")]
pub async fn list_placements(
    can: Can<ReadPlacements>,
    filter: Query<PlacementFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<PlacementPage>> {
    let (actor, filter) = (can.actor().clone(), filter.into_inner());
    let Some(since) = filter.updated_since else {
        let paging = cursors.open(&can, "placements", &filter)?;
        return db
            .read(&can, move |conn| {
                let rows = queries::list(conn, &actor, &filter, &paging)?;
                Listed::of(&PlacementPage::cut(&paging, rows, |placement| placement.id)?)
            })
            .await;
    };
    let paging = cursors.open(&can, "placements", &filter)?;
    db.snapshot(&can, move |conn| {
        let window = FEED.window(conn, since, paging.after.as_ref())?;
        let changed = queries::changed(conn, &actor, &filter, &window, paging.fetch())?;
        let removed = FEED.removed(conn, &window, paging.fetch())?;
        Listed::of(&PlacementPage::changes(&paging, &window, changed, removed, |placement| placement.id.into())?)
    })
    .await
}

/// Propose a placement
///
/// Proposes a student for a seat of a published offer: as school one of your own students, as
/// bureau one whose request to your region is open. The student fits the offer: qualification,
/// learning path, study year and days. School and host are members of the offer's region today (409
/// `not-a-member`, `not-a-host`), also where a request of the school still is open: an ended membership
/// stops new work. Nothing is held yet: the host or the bureau reserves. The student's open request for
/// these days goes along, and is placed with the seat.
#[utoipa::path(tag = "Placements", security(("bearer" = [ProposePlacements::SCOPE])))]
#[post("/placements")]
pub async fn create_placement(
    can: Can<ProposePlacements>,
    body: Json<CreatePlacement>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Placement>> {
    let (actor, digest) = (can.actor().clone(), body.digest());
    once.write(&db, &can, digest, move |conn| {
        let id = actions::propose(conn, &actor, body.into_inner())?;
        Created::of(&queries::find(conn, &actor, id)?)
    })
    .await
}

/// Read a placement
///
/// One placement; the student is an id.
#[utoipa::path(tag = "Placements", params(("placementId" = PlacementId, Path, description = "The placement.")), security(("bearer" = [ReadPlacements::SCOPE])))]
#[get("/placements/{placementId}")]
pub async fn get_placement(can: Can<ReadPlacements>, id: Path<PlacementId>, db: Data<Db>) -> Result<Found<Placement>> {
    let actor = can.actor().clone();
    db.read(&can, move |conn| Found::of(&queries::find(conn, &actor, id.into_inner())?)).await
}

/// Change a placement
///
/// Changes days, hours, employer or the school's supervisor. Days and hours are fixed once the
/// agreement is being made; from then on a new sheet (bpv-blad) changes them. School and bureau may; that the
/// host is the employer (werkgever) a bureau states under a mandate for employment only (403 `mandate-missing`).
#[utoipa::path(
    tag = "Placements",
    params(("placementId" = PlacementId, Path, description = "The placement.")),
    request_body(content = PatchPlacement, content_type = "application/merge-patch+json"),
    security(("bearer" = [WritePlacements::SCOPE])),
)]
#[patch("/placements/{placementId}")]
pub async fn update_placement(
    can: Can<WritePlacements>,
    id: Path<PlacementId>,
    body: MergePatch<PatchPlacement>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Placement>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        let current = queries::find_for_update(conn, id)?;
        if_match.require(current.version)?;
        actions::change(conn, &actor, &current, body.into_inner())?;
        Found::of(&queries::find(conn, &actor, id)?)
    })
    .await
}

/// Name the mentor of a placement
///
/// Names the mentor (praktijkbegeleider) at the host: one who is active there and guides interns for the
/// profession. The host may, or its bureau under a mandate for placements.
#[utoipa::path(
    tag = "Placements",
    params(("placementId" = PlacementId, Path, description = "The placement.")),
    request_body(content = PatchGuidance, content_type = "application/merge-patch+json"),
    security(("bearer" = [GuidePlacements::SCOPE])),
)]
#[patch("/placements/{placementId}/guidance")]
pub async fn guide_placement(
    can: Can<GuidePlacements>,
    id: Path<PlacementId>,
    body: MergePatch<PatchGuidance>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Placement>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        let (current, taken) = actions::find_guided(conn, &actor, id)?;
        if_match.require(current.version)?;
        actions::guide(conn, &actor, &current, taken, body.into_inner())?;
        Found::of(&queries::find(conn, &actor, id)?)
    })
    .await
}

/// Change a reservation or its initiative
///
/// Sets until when a reserved seat is kept (reservering), or which initiative the placement counts
/// for. The bureau may.
#[utoipa::path(
    tag = "Placements",
    params(("placementId" = PlacementId, Path, description = "The placement.")),
    request_body(content = PatchReservation, content_type = "application/merge-patch+json"),
    security(("bearer" = [KeepPlacements::SCOPE])),
)]
#[patch("/placements/{placementId}/reservation")]
pub async fn keep_placement(
    can: Can<KeepPlacements>,
    id: Path<PlacementId>,
    body: MergePatch<PatchReservation>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Placement>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        let current = queries::find_for_update(conn, id)?;
        if_match.require(current.version)?;
        actions::keep(conn, &actor, &current, body.into_inner())?;
        Found::of(&queries::find(conn, &actor, id)?)
    })
    .await
}

/// Read the student of a placement
///
/// Who the intern is: the school's own always; for the bureau until 30 days after the end; for the
/// host from the introduction or the confirmation (onthulling) until 30 days after the end, and
/// 404 before and after. Personal data: who saw whom is recorded.
#[utoipa::path(
    tag = "Placements",
    params(("placementId" = PlacementId, Path, description = "The placement.")),
    security(("bearer" = [ReadStudentIdentities::SCOPE])),
    extensions(("x-personal-data" = json!(true))),
)]
#[get("/placements/{placementId}/student")]
pub async fn get_student_of_placement(
    can: Can<ReadStudentIdentities>,
    id: Path<PlacementId>,
    db: Data<Db>,
) -> Result<Listed<StudentIdentity>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    audit::show(&db, &can, move |conn| {
        let student = queries::student_of(conn, id)?;
        let identity = student_identities::find(conn, student)?;
        audit::record_access(conn, &actor, "get_student_of_placement", [student])?;
        Listed::of(&identity)
    })
    .await
}
