//! `/regions/{regionId}/memberships`.

use actix_web::web::Data;
use actix_web::{get, patch, post};

use super::model::{CreateMembership, Membership, MembershipFilter, MembershipPage, PatchMembership};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadRegions, WriteRegionFacts};
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
use crate::kernel::ids::{MembershipId, RegionId};
use crate::regions::regions::must_exist;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_memberships).service(create_membership).service(get_membership).service(update_membership);
}

/// List memberships of a region
///
/// Which organisations belong to the region (lidmaatschappen), as they hold on a day (`asOf`)
/// and as the records stood at a moment (`knownAt`): past, present and ended ones when neither
/// is given. In the order in which they were first recorded.
#[utoipa::path(
    tag = "Memberships",
    params(("regionId" = RegionId, Path, description = "The region."), MembershipFilter),
    security(("bearer" = [ReadRegions::SCOPE])),
)]
#[get("/regions/{regionId}/memberships")]
pub async fn list_memberships(
    can: Can<ReadRegions>,
    region: Path<RegionId>,
    filter: Query<MembershipFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<MembershipPage>> {
    let (region, filter) = (region.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("/regions/{region}/memberships"), &filter)?;
    db.read(&can, move |conn| {
        must_exist(conn, region)?;
        let provisional = db::is_provisional(conn, filter.known_at)?;
        let rows = queries::list(conn, region, &filter, &paging)?;
        Listed::of(&MembershipPage::cut(&paging, rows, |membership| membership.id, provisional)?)
    })
    .await
}

/// Record a membership
///
/// Records that an organisation belongs, or belonged, to the region. The bureau does. An
/// organisation is a member of a region once at a time.
#[utoipa::path(
    tag = "Memberships",
    params(("regionId" = RegionId, Path, description = "The region.")),
    security(("bearer" = [WriteRegionFacts::SCOPE])),
)]
#[post("/regions/{regionId}/memberships")]
pub async fn create_membership(
    can: Can<WriteRegionFacts>,
    region: Path<RegionId>,
    body: Json<CreateMembership>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Membership>> {
    let (actor, region, digest) = (can.actor().clone(), region.into_inner(), body.digest());
    once.write(&db, &can, digest, move |conn| {
        must_exist(conn, region)?;
        let new = body.into_inner();
        let period = rules::recorded(&new, db::today(conn)?)?;
        let row = new.into_row(region, period);
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("recorded", "membership", row.id))?;
        Created::of(&queries::find_version(conn, row.row_id)?)
    })
    .await
}

/// Read a membership
///
/// The version that stands now.
#[utoipa::path(
    tag = "Memberships",
    params(
        ("regionId" = RegionId, Path, description = "The region."),
        ("membershipId" = MembershipId, Path, description = "The membership."),
    ),
    security(("bearer" = [ReadRegions::SCOPE])),
)]
#[get("/regions/{regionId}/memberships/{membershipId}")]
pub async fn get_membership(
    can: Can<ReadRegions>,
    path: Path<(RegionId, MembershipId)>,
    db: Data<Db>,
) -> Result<Found<Membership>> {
    let (region, id) = path.into_inner();
    db.read(&can, move |conn| Found::of(&queries::find(conn, region, id)?)).await
}

/// Correct or end a membership
///
/// Records a new version that takes the place of the standing one, which stays known under the
/// moment it stood. With `effectiveTo` the membership ends, and with it new offers, requests and placements;
/// the organisation keeps sight of what there was. With `withdrawn` it never was, and
/// the answer is the version that was taken back.
#[utoipa::path(
    tag = "Memberships",
    params(
        ("regionId" = RegionId, Path, description = "The region."),
        ("membershipId" = MembershipId, Path, description = "The membership."),
    ),
    request_body(content = PatchMembership, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteRegionFacts::SCOPE])),
)]
#[patch("/regions/{regionId}/memberships/{membershipId}")]
pub async fn update_membership(
    can: Can<WriteRegionFacts>,
    path: Path<(RegionId, MembershipId)>,
    body: MergePatch<PatchMembership>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Membership>> {
    let (actor, (region, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        let standing = queries::find_for_update(conn, region, id)?;
        if_match.require(standing.version)?;
        let patch = body.into_inner();
        if patch.withdrawn {
            queries::replace(conn, standing.row_id, None)?;
            audit::record(conn, &actor, Event::new("withdrawn", "membership", id))?;
            return Found::of(&queries::find_version(conn, standing.row_id)?);
        }
        let period = rules::corrected(&standing, &patch, db::today(conn)?)?;
        let next = patch.into_row(&standing, period);
        queries::replace(conn, standing.row_id, Some(&next))?;
        audit::record(conn, &actor, Event::new("corrected", "membership", id))?;
        Found::of(&queries::find_version(conn, next.row_id)?)
    })
    .await
}
