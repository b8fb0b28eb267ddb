//! `/placements/{placementId}/attendance`.

use actix_web::web::Data;
use actix_web::{get, patch, post};

use super::model::{
    AttendanceRecord, AttendanceRecordFilter, AttendanceRecordPage, Attended, CreateAttendanceRecord,
    NewAttendanceRecord, PatchAttendanceRecord,
};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadPlacements, WriteAttendance};
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
use crate::kernel::ids::{AttendanceRecordId, PlacementId};
use crate::lifecycle::Taken;
use crate::placements::placements::{find_parent, require_visible};
use crate::regions::mandates::{MandateScope, acting_for};

/// The event, in the name of the host where a mandate was needed.
fn event(action: &'static str, id: AttendanceRecordId, taken: Taken) -> Event {
    Event::new(action, "attendance-record", id).on_behalf_of(taken)
}

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_attendance_records)
        .service(create_attendance_record)
        .service(get_attendance_record)
        .service(update_attendance_record);
}

/// List the attendance of a placement
///
/// How long the intern was there (aanwezigheid), stretch by stretch in the order of entry, with the
/// totals of the whole placement. Minutes only, never why somebody was not there. School, host and
/// bureau see it.
#[utoipa::path(
    tag = "Placements",
    params(("placementId" = PlacementId, Path, description = "The placement."), AttendanceRecordFilter),
    security(("bearer" = [ReadPlacements::SCOPE])),
)]
#[get("/placements/{placementId}/attendance")]
pub async fn list_attendance_records(
    can: Can<ReadPlacements>,
    id: Path<PlacementId>,
    filter: Query<AttendanceRecordFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<AttendanceRecordPage>> {
    let (id, filter) = (id.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("placements/{id}/attendance"), &filter)?;
    db.snapshot(&can, move |conn| {
        require_visible(conn, id)?;
        let rows = queries::list(conn, id, &filter, &paging)?;
        Listed::of(&AttendanceRecordPage::cut(&paging, rows, queries::totals(conn, id)?)?)
    })
    .await
}

/// Enter attendance
///
/// A week as a rule, 31 days at most; a day counts once (409 `attendance-overlap`). The host may, or its
/// bureau under a mandate for placements; from the confirmation on (409 `placement-not-under-way`).
#[utoipa::path(
    tag = "Placements",
    params(("placementId" = PlacementId, Path, description = "The placement."),),
    security(("bearer" = [WriteAttendance::SCOPE])),
)]
#[post("/placements/{placementId}/attendance")]
pub async fn create_attendance_record(
    can: Can<WriteAttendance>,
    id: Path<PlacementId>,
    body: Json<CreateAttendanceRecord>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<AttendanceRecord>> {
    let (actor, digest, id) = (can.actor().clone(), body.digest(), id.into_inner());
    once.write(&db, &can, digest, move |conn| {
        let parent = find_parent(conn, id)?;
        let key = parent.key();
        let taken = acting_for(conn, &actor, key.practice_id, Some(key.region_id), MandateScope::Placements)?;
        let attended = Attended::from(body.into_inner());
        rules::plausible(&attended, queries::first_day(conn, id)?, db::today(conn)?)?;
        parent.require_under_way()?;
        let row = NewAttendanceRecord::of(key, attended);
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, event("created", row.id, taken))?;
        Created::of(&queries::find(conn, id, row.id)?)
    })
    .await
}

/// Read an attendance record
///
/// One stretch of days.
#[utoipa::path(
    tag = "Placements",
    params(
        ("placementId" = PlacementId, Path, description = "The placement."),
        ("attendanceRecordId" = AttendanceRecordId, Path, description = "The record."),
    ),
    security(("bearer" = [ReadPlacements::SCOPE])),
)]
#[get("/placements/{placementId}/attendance/{attendanceRecordId}")]
pub async fn get_attendance_record(
    can: Can<ReadPlacements>,
    path: Path<(PlacementId, AttendanceRecordId)>,
    db: Data<Db>,
) -> Result<Found<AttendanceRecord>> {
    let (placement, id) = path.into_inner();
    db.read(&can, move |conn| Found::of(&queries::find(conn, placement, id)?)).await
}

/// Change an attendance record
///
/// The host may, or its bureau under a mandate for placements.
#[utoipa::path(
    tag = "Placements",
    params(
        ("placementId" = PlacementId, Path, description = "The placement."),
        ("attendanceRecordId" = AttendanceRecordId, Path, description = "The record."),
    ),
    request_body(content = PatchAttendanceRecord, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteAttendance::SCOPE])),
)]
#[patch("/placements/{placementId}/attendance/{attendanceRecordId}")]
pub async fn update_attendance_record(
    can: Can<WriteAttendance>,
    path: Path<(PlacementId, AttendanceRecordId)>,
    body: MergePatch<PatchAttendanceRecord>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<AttendanceRecord>> {
    let (actor, (placement, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        let parent = find_parent(conn, placement)?;
        let current = queries::find_for_update(conn, placement, id)?;
        let key = parent.key();
        let taken = acting_for(conn, &actor, key.practice_id, Some(key.region_id), MandateScope::Placements)?;
        if_match.require(current.version)?;
        let attended = body.into_inner().applied_to(current.attended);
        rules::plausible(&attended, queries::first_day(conn, placement)?, db::today(conn)?)?;
        parent.require_under_way()?;
        queries::update(conn, id, &attended)?;
        audit::record(conn, &actor, event("changed", id, taken))?;
        Found::of(&queries::find(conn, placement, id)?)
    })
    .await
}
