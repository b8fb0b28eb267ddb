//! `/regions/{regionId}/contact-assignments`.

use actix_web::web::Data;
use actix_web::{get, patch, post};

use super::model::{
    ContactAssignment, ContactAssignmentFilter, ContactAssignmentPage, CreateContactAssignment, PatchContactAssignment,
};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadContactAssignments, WriteContactAssignments};
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
use crate::kernel::ids::{ContactAssignmentId, RegionId};
use crate::regions::regions::must_exist;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_contact_assignments)
        .service(create_contact_assignment)
        .service(get_contact_assignment)
        .service(update_contact_assignment);
}

/// List the fixed contact persons of a region
///
/// The fixed contact person (vaste contactpersoon) of each practice and school, and of students who have
/// one, as assigned on a day (`asOf`) and as the records stood at a moment (`knownAt`). The bureau sees
/// those of its region, a practice or school its own, a school those of its students too. In the order in which they were first recorded. Personal
/// data: who saw whom is recorded.
#[utoipa::path(
    tag = "Contact assignments",
    params(("regionId" = RegionId, Path, description = "The region."), ContactAssignmentFilter),
    security(("bearer" = [ReadContactAssignments::SCOPE])),
    extensions(("x-personal-data" = json!(true))),
)]
#[get("/regions/{regionId}/contact-assignments")]
pub async fn list_contact_assignments(
    can: Can<ReadContactAssignments>,
    region: Path<RegionId>,
    filter: Query<ContactAssignmentFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<ContactAssignmentPage>> {
    let (actor, region, filter) = (can.actor().clone(), region.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("/regions/{region}/contact-assignments"), &filter)?;
    audit::show(&db, &can, move |conn| {
        must_exist(conn, region)?;
        let provisional = db::is_provisional(conn, filter.known_at)?;
        let rows = queries::list(conn, region, &filter, &paging)?;
        let page = ContactAssignmentPage::cut(&paging, rows, |assignment| assignment.id, provisional)?;
        let shown = page.items.iter().map(|assignment| assignment.id);
        audit::record_access(conn, &actor, "list_contact_assignments", shown)?;
        Listed::of(&page)
    })
    .await
}

/// Assign a contact person
///
/// Assigns one person at the bureau to a practice, a school or a student, from a day on, which may lie
/// ahead. The student is one whom you see: asked for at your bureau, or placed by it. An organisation, and a
/// student, has one contact person of a region at a time.
#[utoipa::path(
    tag = "Contact assignments",
    params(("regionId" = RegionId, Path, description = "The region.")),
    security(("bearer" = [WriteContactAssignments::SCOPE])),
)]
#[post("/regions/{regionId}/contact-assignments")]
pub async fn create_contact_assignment(
    can: Can<WriteContactAssignments>,
    region: Path<RegionId>,
    body: Json<CreateContactAssignment>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<ContactAssignment>> {
    let (actor, region, digest) = (can.actor().clone(), region.into_inner(), body.digest());
    once.write(&db, &can, digest, move |conn| {
        must_exist(conn, region)?;
        let new = body.into_inner();
        let period = rules::recorded(&new)?;
        let organisation = queries::organisation_of(conn, rules::subject(&new)?)?;
        let row = new.into_row(region, organisation, period);
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("recorded", "contact-assignment", row.id))?;
        Created::of(&queries::find_version(conn, row.row_id)?)
    })
    .await
}

/// Read a contact assignment
///
/// The version that stands now. Personal data: who saw whom is recorded.
#[utoipa::path(
    tag = "Contact assignments",
    params(
        ("regionId" = RegionId, Path, description = "The region."),
        ("contactAssignmentId" = ContactAssignmentId, Path, description = "The assignment."),
    ),
    security(("bearer" = [ReadContactAssignments::SCOPE])),
    extensions(("x-personal-data" = json!(true))),
)]
#[get("/regions/{regionId}/contact-assignments/{contactAssignmentId}")]
pub async fn get_contact_assignment(
    can: Can<ReadContactAssignments>,
    path: Path<(RegionId, ContactAssignmentId)>,
    db: Data<Db>,
) -> Result<Found<ContactAssignment>> {
    let (actor, (region, id)) = (can.actor().clone(), path.into_inner());
    audit::show(&db, &can, move |conn| {
        let assignment = queries::find(conn, region, id)?;
        audit::record_access(conn, &actor, "get_contact_assignment", [id])?;
        Found::of(&assignment)
    })
    .await
}

/// Correct or end a contact assignment
///
/// Records a new version that takes the place of the standing one, which stays known under the
/// moment it stood. With `effectiveTo` the assignment ends; with `withdrawn` it never was, and
/// the answer is the version that was taken back. Personal data: the answer shows the person, so who saw
/// whom is recorded.
#[utoipa::path(
    tag = "Contact assignments",
    params(
        ("regionId" = RegionId, Path, description = "The region."),
        ("contactAssignmentId" = ContactAssignmentId, Path, description = "The assignment."),
    ),
    request_body(content = PatchContactAssignment, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteContactAssignments::SCOPE])),
    extensions(("x-personal-data" = json!(true))),
)]
#[patch("/regions/{regionId}/contact-assignments/{contactAssignmentId}")]
pub async fn update_contact_assignment(
    can: Can<WriteContactAssignments>,
    path: Path<(RegionId, ContactAssignmentId)>,
    body: MergePatch<PatchContactAssignment>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<ContactAssignment>> {
    let (actor, (region, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        let standing = queries::find_for_update(conn, region, id)?;
        if_match.require(standing.version)?;
        let patch = body.into_inner();
        // The answer shows the whole assignment, also to who changed little.
        audit::record_access(conn, &actor, "update_contact_assignment", [id])?;
        if patch.withdrawn {
            queries::replace(conn, standing.row_id, None)?;
            audit::record(conn, &actor, Event::new("withdrawn", "contact-assignment", id))?;
            return Found::of(&queries::find_version(conn, standing.row_id)?);
        }
        let period = rules::corrected(&standing, &patch)?;
        let standing_row = standing.row_id;
        let next = patch.into_row(standing, period);
        queries::replace(conn, standing_row, Some(&next))?;
        audit::record(conn, &actor, Event::new("corrected", "contact-assignment", id))?;
        Found::of(&queries::find_version(conn, next.row_id)?)
    })
    .await
}
