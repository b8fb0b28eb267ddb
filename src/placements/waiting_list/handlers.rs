//! `/regions/{regionId}/waiting-list`, and who of it fits an offer.

use actix_web::get;
use actix_web::web::Data;

use super::model::{CandidateFilter, Waiting, WaitingList, WaitingListFilter};
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
use crate::http::routes::Routes;
use crate::kernel::ids::{PlacementOfferId, RegionId};
use crate::placements::offers::asks_for;
use crate::regions::regions::must_exist;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_waiting_list).service(list_offer_candidates);
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
        let rows = queries::list(conn, region, &filter, None, &paging)?;
        let page = WaitingList::cut(&paging, rows, Waiting::place)?;
        // Where somebody lives is told with the student's id.
        audit::record_access(conn, &actor, "list_waiting_list", page.items.iter().map(|waiting| waiting.student_id))?;
        Listed::of(&page)
    })
    .await
}

/// List who is next for an offer
///
/// Who of those who wait fits the offer (volgende op de wachtlijst), in the order of their places: by
/// qualification, days that overlap, school, study year and learning path; what is not known of a student
/// fits. Whoever has been proposed for a seat, or was placed or proposed on this offer before, is left out.
/// Whether a seat is free stands with the offer. Places are those on the whole list.
#[utoipa::path(
    tag = "Placement offers",
    params(("placementOfferId" = PlacementOfferId, Path, description = "The offer."), CandidateFilter),
    security(("bearer" = [ReadWaitingLists::SCOPE])),
    extensions(("x-personal-data" = json!(true))),
)]
#[get("/placement-offers/{placementOfferId}/candidates")]
pub async fn list_offer_candidates(
    can: Can<ReadWaitingLists>,
    offer: Path<PlacementOfferId>,
    filter: Query<CandidateFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<WaitingList>> {
    let (actor, offer, filter) = (can.actor().clone(), offer.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("placement-offers/{offer}/candidates"), &filter)?;
    audit::show(&db, &can, move |conn| {
        let (region, qualification) = asks_for(conn, offer)?;
        let rows = queries::list(conn, region, &WaitingListFilter::of(qualification), Some(offer), &paging)?;
        let page = WaitingList::cut(&paging, rows, Waiting::place)?;
        let students = page.items.iter().map(|waiting| waiting.student_id);
        audit::record_access(conn, &actor, "list_offer_candidates", students)?;
        Listed::of(&page)
    })
    .await
}
