//! `/placements/{placementId}/readiness`.

use actix_web::get;
use actix_web::web::Data;

use super::actions;
use super::model::Readiness;
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadPlacements};
use crate::db::Db;
use crate::error::Result;
use crate::http::path::Path;
use crate::http::reply::Listed;
use crate::http::routes::Routes;
use crate::kernel::ids::PlacementId;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(get_placement_readiness);
}

/// Read whether a placement may start
///
/// What the placement needs before it starts (startvoorwaarden), and what of it is there: three
/// signatures always, recognition as training company for mbo, an employer in the work-based
/// path, and what the region demands of its placements; all as of the first day. What `blocks`
/// and is missing keeps the placement from becoming `ready`; what `warns` does not.
#[utoipa::path(tag = "Placements", params(("placementId" = PlacementId, Path, description = "The placement.")), security(("bearer" = [ReadPlacements::SCOPE])))]
#[get("/placements/{placementId}/readiness")]
pub async fn get_placement_readiness(
    can: Can<ReadPlacements>,
    id: Path<PlacementId>,
    db: Data<Db>,
) -> Result<Listed<Readiness>> {
    let id = id.into_inner();
    db.read(&can, move |conn| Listed::of(&actions::preparation_of(conn, id)?.readiness)).await
}
