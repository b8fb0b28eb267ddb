//! `/hour-norms`.

use actix_web::get;
use actix_web::web::Data;

use super::model::{HourNorm, HourNormFilter, HourNormPage};
use super::queries;
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadProgrammes};
use crate::db::Db;
use crate::error::Result;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::HourNormId;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_hour_norms).service(get_hour_norm);
}

/// List hour norms
///
/// How many hours a programme has to give at least (urennormen), by learning path: dated reference
/// data, the same for everybody.
#[utoipa::path(tag = "Programmes", params(HourNormFilter), security(("bearer" = [ReadProgrammes::SCOPE])))]
#[get("/hour-norms")]
pub async fn list_hour_norms(
    can: Can<ReadProgrammes>,
    filter: Query<HourNormFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<HourNormPage>> {
    let filter = filter.into_inner();
    let paging = cursors.open(&can, "hour-norms", &filter)?;
    db.read(&can, move |conn| {
        let rows = queries::list(conn, &filter, &paging)?;
        Listed::of(&HourNormPage::cut(&paging, rows, |norm| norm.id)?)
    })
    .await
}

/// Read an hour norm
///
/// One norm with its source.
#[utoipa::path(tag = "Programmes", params(("hourNormId" = HourNormId, Path, description = "The norm.")), security(("bearer" = [ReadProgrammes::SCOPE])))]
#[get("/hour-norms/{hourNormId}")]
pub async fn get_hour_norm(can: Can<ReadProgrammes>, id: Path<HourNormId>, db: Data<Db>) -> Result<Found<HourNorm>> {
    db.read(&can, move |conn| Found::of(&queries::find(conn, id.into_inner())?)).await
}
