//! `/regions`.

use actix_web::web::Data;
use actix_web::{get, patch, post};

use super::model::{CreateRegion, PatchRegion, Region, RegionFilter, RegionPage};
use super::queries;
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{CreateRegions, Permission as _, ReadRegions, WriteRegions};
use crate::db::Db;
use crate::error::Result;
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::RegionId;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_regions).service(create_region).service(get_region).service(update_region);
}

/// List regions
///
/// Every region (regio) with its placement bureau (stagebureau), in the order in which they
/// were entered.
#[utoipa::path(tag = "Regions", params(RegionFilter), security(("bearer" = [ReadRegions::SCOPE])))]
#[get("/regions")]
pub async fn list_regions(
    can: Can<ReadRegions>,
    filter: Query<RegionFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<RegionPage>> {
    let filter = filter.into_inner();
    let paging = cursors.open(&can, "regions", &filter)?;
    db.read(&can, move |conn| {
        let rows = queries::list(conn, filter, &paging)?;
        Listed::of(&RegionPage::cut(&paging, rows, |region| region.id)?)
    })
    .await
}

/// Enter a region
///
/// Enters a region with the organisation that is its placement bureau. Only the platform does.
#[utoipa::path(tag = "Regions", security(("bearer" = [CreateRegions::SCOPE])))]
#[post("/regions")]
pub async fn create_region(
    can: Can<CreateRegions>,
    body: Json<CreateRegion>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Region>> {
    let (actor, digest) = (can.actor().clone(), body.digest());
    once.write(&db, &can, digest, move |conn| {
        let row = body.into_inner().into_row();
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("created", "region", row.id))?;
        Created::of(&queries::find(conn, row.id)?)
    })
    .await
}

/// Read a region
///
/// One region with its placement bureau.
#[utoipa::path(tag = "Regions", params(("regionId" = RegionId, Path, description = "The region.")), security(("bearer" = [ReadRegions::SCOPE])))]
#[get("/regions/{regionId}")]
pub async fn get_region(can: Can<ReadRegions>, id: Path<RegionId>, db: Data<Db>) -> Result<Found<Region>> {
    db.read(&can, move |conn| Found::of(&queries::find(conn, id.into_inner())?)).await
}

/// Change a region
///
/// Changes what is sent. The bureau changes its own region; only the platform gives a region to
/// another bureau: the former one hears in its feeds that what it saw there is gone.
#[utoipa::path(
    tag = "Regions",
    params(("regionId" = RegionId, Path, description = "The region.")),
    request_body(content = PatchRegion, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteRegions::SCOPE])),
)]
#[patch("/regions/{regionId}")]
pub async fn update_region(
    can: Can<WriteRegions>,
    id: Path<RegionId>,
    body: MergePatch<PatchRegion>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Region>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        let version = queries::find_for_update(conn, id)?;
        if_match.require(version)?;
        queries::update(conn, id, &body.into_inner().into_changes(version))?;
        audit::record(conn, &actor, Event::new("changed", "region", id))?;
        Found::of(&queries::find(conn, id)?)
    })
    .await
}
