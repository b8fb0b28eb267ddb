//! `/regions/{regionId}/waiting-list`.

use crate::http::routes::Routes;
use actix_web::get;
use actix_web::web::Data;

use super::model::{Waiting, WaitingList, WaitingListFilter};
use super::queries;
use crate::audit;
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadWaitingLists};
use crate::db::Db;
use crate::error::Result;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::Listed;
use crate::kernel::ids::RegionId;
use crate::regions::regions::must_exist;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_waiting_list);
}

/// Read the waiting list of a region
///
/// Who waits for a seat (wachtlijst): the open requests to your region, by qualification, in the
/// order of their places: first those to whom you granted priority, then those who wait longest.
/// Filters leave others out but change nobody's place.
#[utoipa::path(
    tag = "Placement requests",
    params(("regionId" = RegionId, Path, description = "The region: your own."), WaitingListFilter),
    security(("bearer" = [ReadWaitingLists::SCOPE])),
    extensions(("x-personal-data" = json!(true))),
)]
#[get("/regions/{regionId}/waiting-list")]
pub async fn list_waiting_list(
    can: Can<ReadWaitingLists>,
    region: Path<RegionId>,
    filter: Query<WaitingListFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<WaitingList>> {
    let (actor, region, filter) = (can.actor().clone(), region.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("regions/{region}/waiting-list"), &filter)?;
    audit::show(&db, &can, move |conn| {
        must_exist(conn, region)?;
        let rows = queries::list(conn, region, &filter, &paging)?;
        let page = WaitingList::cut(&paging, rows, Waiting::place)?;
        // Where somebody lives is told with the student's id.
        audit::record_access(conn, &actor, "list_waiting_list", page.items.iter().map(|waiting| waiting.student_id))?;
        Listed::of(&page)
    })
    .await
}
