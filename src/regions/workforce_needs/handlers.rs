//! `/regions/{regionId}/workforce-needs`.

use actix_web::web::Data;
use actix_web::{get, patch, post};

use super::model::{CreateWorkforceNeed, PatchWorkforceNeed, WorkforceNeed, WorkforceNeedFilter, WorkforceNeedPage};
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
use crate::kernel::ids::{RegionId, WorkforceNeedId};
use crate::regions::regions::must_exist;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_workforce_needs)
        .service(create_workforce_need)
        .service(get_workforce_need)
        .service(update_workforce_need);
}

/// List the workforce needs of a region
///
/// How many people of each profession the region needs (personeelsbehoefte), as estimated on a
/// day (`asOf`) and as the records stood at a moment (`knownAt`). In the order in which they were
/// first recorded.
#[utoipa::path(
    tag = "Workforce needs",
    params(("regionId" = RegionId, Path, description = "The region."), WorkforceNeedFilter),
    security(("bearer" = [ReadRegions::SCOPE])),
)]
#[get("/regions/{regionId}/workforce-needs")]
pub async fn list_workforce_needs(
    can: Can<ReadRegions>,
    region: Path<RegionId>,
    filter: Query<WorkforceNeedFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<WorkforceNeedPage>> {
    let (region, filter) = (region.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("/regions/{region}/workforce-needs"), &filter)?;
    db.read(&can, move |conn| {
        must_exist(conn, region)?;
        let provisional = db::is_provisional(conn, filter.known_at)?;
        let rows = queries::list(conn, region, &filter, &paging)?;
        Listed::of(&WorkforceNeedPage::cut(&paging, rows, |need| need.id, provisional)?)
    })
    .await
}

/// Record a workforce need
///
/// Records how many people of a profession the region needs in a year, as estimated from a day
/// on. There is one estimate at a time, per profession and year.
#[utoipa::path(
    tag = "Workforce needs",
    params(("regionId" = RegionId, Path, description = "The region.")),
    security(("bearer" = [WriteRegionFacts::SCOPE])),
)]
#[post("/regions/{regionId}/workforce-needs")]
pub async fn create_workforce_need(
    can: Can<WriteRegionFacts>,
    region: Path<RegionId>,
    body: Json<CreateWorkforceNeed>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<WorkforceNeed>> {
    let (actor, region, digest) = (can.actor().clone(), region.into_inner(), body.digest());
    once.write(&db, &can, digest, move |conn| {
        must_exist(conn, region)?;
        let new = body.into_inner();
        let period = rules::recorded(&new, db::today(conn)?)?;
        let row = new.into_row(region, period);
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("recorded", "workforce-need", row.id))?;
        Created::of(&queries::find_version(conn, row.row_id)?)
    })
    .await
}

/// Read a workforce need
///
/// The version that stands now.
#[utoipa::path(
    tag = "Workforce needs",
    params(
        ("regionId" = RegionId, Path, description = "The region."),
        ("workforceNeedId" = WorkforceNeedId, Path, description = "The estimate."),
    ),
    security(("bearer" = [ReadRegions::SCOPE])),
)]
#[get("/regions/{regionId}/workforce-needs/{workforceNeedId}")]
pub async fn get_workforce_need(
    can: Can<ReadRegions>,
    path: Path<(RegionId, WorkforceNeedId)>,
    db: Data<Db>,
) -> Result<Found<WorkforceNeed>> {
    let (region, id) = path.into_inner();
    db.read(&can, move |conn| Found::of(&queries::find(conn, region, id)?)).await
}

/// Correct or end a workforce need
///
/// Records a new version that takes the place of the standing one, which stays known under the
/// moment it stood. With `effectiveTo` the estimate ends; with `withdrawn` it never was, and the
/// answer is the version that was taken back.
#[utoipa::path(
    tag = "Workforce needs",
    params(
        ("regionId" = RegionId, Path, description = "The region."),
        ("workforceNeedId" = WorkforceNeedId, Path, description = "The estimate."),
    ),
    request_body(content = PatchWorkforceNeed, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteRegionFacts::SCOPE])),
)]
#[patch("/regions/{regionId}/workforce-needs/{workforceNeedId}")]
pub async fn update_workforce_need(
    can: Can<WriteRegionFacts>,
    path: Path<(RegionId, WorkforceNeedId)>,
    body: MergePatch<PatchWorkforceNeed>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<WorkforceNeed>> {
    let (actor, (region, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        let standing = queries::find_for_update(conn, region, id)?;
        if_match.require(standing.version)?;
        let patch = body.into_inner();
        if patch.withdrawn {
            queries::replace(conn, standing.row_id, None)?;
            audit::record(conn, &actor, Event::new("withdrawn", "workforce-need", id))?;
            return Found::of(&queries::find_version(conn, standing.row_id)?);
        }
        let period = rules::corrected(&standing, &patch, db::today(conn)?)?;
        let standing_row = standing.row_id;
        let next = patch.into_row(standing, period);
        queries::replace(conn, standing_row, Some(&next))?;
        audit::record(conn, &actor, Event::new("corrected", "workforce-need", id))?;
        Found::of(&queries::find_version(conn, next.row_id)?)
    })
    .await
}
