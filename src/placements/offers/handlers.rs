//! `/placement-offers`.

use actix_web::web::Data;
use actix_web::{HttpRequest, get, patch, post};

use super::actions;
use super::model::{
    CreatePlacementOffer, MovePlacementOffer, PatchPlacementOffer, PlacementOffer, PlacementOfferFilter,
    PlacementOfferPage, PlacementOfferStatus,
};
use super::queries;
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadOfferHistory, ReadOffers, TransitionOffers, WriteOffers};
use crate::db::Db;
use crate::db::feed::{Feed, Owner, Tenant};
use crate::error::Result;
use crate::http::accept::{Format, negotiate};
use crate::http::body::{Json, MergePatch};
use crate::http::csv::{Exported, require_whole};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::{PlacementOfferId, TransitionId};
use crate::kernel::role::Role;
use crate::lifecycle::{self, Correction, History, State as _};

const FEED: Feed = Feed {
    table: "placement_offers",
    collection: "placement-offers",
    tenants: &[
        Tenant { role: Role::Practice, column: "practice_id", owner: Owner::Organisation },
        Tenant { role: Role::Region, column: "region_id", owner: Owner::Regions },
        Tenant { role: Role::School, column: "region_id", owner: Owner::Regions },
    ],
};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_placement_offers)
        .service(create_placement_offer)
        .service(get_placement_offer)
        .service(update_placement_offer)
        .service(list_placement_offer_transitions)
        .service(transition_placement_offer)
        .service(correct_placement_offer_transition);
}

/// List placement offers
///
/// The offers (stageplaatsen) you can see: as practice your own, as bureau those of your region, as
/// school what is published in your regions and open to you. In the order in which they were entered.
/// With `updatedSince` only what changed, in the order of the changes, for a nightly sync: begin with a
/// moment, then send the `nextUpdatedSince` you were given; what left your view stands under `removed`.
/// Sync without other filters, and begin again with a moment when you join a region. With
/// `Accept: text/csv` the whole list as a file, without `limit`, `cursor` and `updatedSince`.
#[utoipa::path(tag = "Placement offers", params(PlacementOfferFilter), security(("bearer" = [ReadOffers::SCOPE])))]
#[get("/placement-offers")]
pub async fn list_placement_offers(
    can: Can<ReadOffers>,
    filter: Query<PlacementOfferFilter>,
    request: HttpRequest,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Exported<PlacementOfferPage>> {
    let (actor, filter) = (can.actor().clone(), filter.into_inner());
    if let Format::Csv(delimiter) = negotiate(&request, &[Format::Json, Format::CSV])? {
        require_whole(&filter, filter.updated_since)?;
        let paging = cursors.open(&can, "placement-offers", &filter)?;
        return db
            .export(&can, move |conn| {
                let page = |paging: &_| queries::list(conn, &actor, &filter, paging);
                Exported::file(&paging.all(page, |offer| offer.id)?, delimiter)
            })
            .await;
    }
    let Some(since) = filter.updated_since else {
        let paging = cursors.open(&can, "placement-offers", &filter)?;
        return db
            .read(&can, move |conn| {
                let rows = queries::list(conn, &actor, &filter, &paging)?;
                Exported::page(&PlacementOfferPage::cut(&paging, rows, |offer| offer.id)?)
            })
            .await;
    };
    let paging = cursors.open(&can, "placement-offers", &filter)?;
    db.snapshot(&can, move |conn| {
        let window = FEED.window(conn, since, paging.after.as_ref())?;
        let changed = queries::changed(conn, &actor, &filter, &window, paging.fetch())?;
        let removed = FEED.removed(conn, &window, paging.fetch())?;
        Exported::page(&PlacementOfferPage::changes(&paging, &window, changed, removed, |offer| offer.id.into())?)
    })
    .await
}

/// Enter a placement offer
///
/// Enters a draft. A practice does so for itself, the bureau of its region under a mandate with the scope
/// `offers`, in the name of the practice (namens). The region is that in which the practice is a member as
/// a host today; where there are several, `regionId` says which. With `effectiveOn` its history begins on
/// an earlier day.
#[utoipa::path(tag = "Placement offers", security(("bearer" = [WriteOffers::SCOPE])))]
#[post("/placement-offers")]
pub async fn create_placement_offer(
    can: Can<WriteOffers>,
    body: Json<CreatePlacementOffer>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<PlacementOffer>> {
    let (actor, digest) = (can.actor().clone(), body.digest());
    once.write(&db, &can, digest, move |conn| {
        let id = actions::enter(conn, &actor, body.into_inner())?;
        Created::of(&queries::find(conn, &actor, id)?)
    })
    .await
}

/// Read a placement offer
///
/// One offer with its seats, period and conditions.
#[utoipa::path(tag = "Placement offers", params(("placementOfferId" = PlacementOfferId, Path, description = "The offer.")), security(("bearer" = [ReadOffers::SCOPE])))]
#[get("/placement-offers/{placementOfferId}")]
pub async fn get_placement_offer(
    can: Can<ReadOffers>,
    id: Path<PlacementOfferId>,
    db: Data<Db>,
) -> Result<Found<PlacementOffer>> {
    let actor = can.actor().clone();
    db.read(&can, move |conn| Found::of(&queries::find(conn, &actor, id.into_inner())?)).await
}

/// Change a placement offer
///
/// Changes what is sent, clears what is null; the practice may, and its bureau under a mandate. Once it is
/// published, qualification, learning paths, period, setting and initiative stand; what is closed or
/// withdrawn does not change. How many seats it had on any day stays on record.
#[utoipa::path(
    tag = "Placement offers",
    params(("placementOfferId" = PlacementOfferId, Path, description = "The offer.")),
    request_body(content = PatchPlacementOffer, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteOffers::SCOPE])),
)]
#[patch("/placement-offers/{placementOfferId}")]
pub async fn update_placement_offer(
    can: Can<WriteOffers>,
    id: Path<PlacementOfferId>,
    body: MergePatch<PatchPlacementOffer>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<PlacementOffer>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        let (current, taken) = actions::find_writable(conn, &actor, id)?;
        if_match.require(current.version)?;
        actions::change(conn, &actor, id, &current, taken, body.into_inner())?;
        Found::of(&queries::find(conn, &actor, id)?)
    })
    .await
}

/// Read a placement offer's history
///
/// Every step of its lifecycle: who took it, in whose name, when and why; corrected steps too.
#[utoipa::path(tag = "Placement offers", params(("placementOfferId" = PlacementOfferId, Path, description = "The offer.")), security(("bearer" = [ReadOfferHistory::SCOPE])))]
#[get("/placement-offers/{placementOfferId}/transitions")]
pub async fn list_placement_offer_transitions(
    can: Can<ReadOfferHistory>,
    id: Path<PlacementOfferId>,
    db: Data<Db>,
) -> Result<Listed<History>> {
    let id = id.into_inner();
    db.snapshot(&can, move |conn| {
        queries::place_of(conn, id)?;
        Listed::of(&lifecycle::history::<PlacementOfferStatus>(conn, id)?)
    })
    .await
}

/// Move a placement offer
///
/// Publishes, closes or withdraws it; the practice may, and its bureau under a mandate.
/// `allowedTransitions` names the steps there are.
#[utoipa::path(tag = "Placement offers", params(("placementOfferId" = PlacementOfferId, Path, description = "The offer.")), security(("bearer" = [TransitionOffers::SCOPE])))]
#[post("/placement-offers/{placementOfferId}/transitions")]
pub async fn transition_placement_offer(
    can: Can<TransitionOffers>,
    id: Path<PlacementOfferId>,
    body: Json<MovePlacementOffer>,
    once: Once,
    db: Data<Db>,
) -> Result<Found<PlacementOffer>> {
    let (actor, id, digest) = (can.actor().clone(), id.into_inner(), body.digest());
    PlacementOfferStatus::lifecycle().may_ask(&actor, body.to)?;
    once.write(&db, &can, digest, move |conn| {
        actions::advance(conn, &actor, id, body.into_inner().into())?;
        Found::of(&queries::find(conn, &actor, id)?)
    })
    .await
}

/// Correct a step of a placement offer
///
/// Mends a wrongly recorded day, or takes the last step back; only the side that took the step does. The
/// step stays in the history, marked as superseded. What is taken back meets the rules of the state it
/// returns to: to `draft` only while no placement names the offer (409 `not-correctable`), to `published`
/// only while the practice hosts in the region (409 `not-a-host`).
#[utoipa::path(
    tag = "Placement offers",
    params(
        ("placementOfferId" = PlacementOfferId, Path, description = "The offer."),
        ("transitionId" = TransitionId, Path, description = "The step to correct."),
    ),
    security(("bearer" = [TransitionOffers::SCOPE])),
)]
#[post("/placement-offers/{placementOfferId}/transitions/{transitionId}/corrections")]
pub async fn correct_placement_offer_transition(
    can: Can<TransitionOffers>,
    path: Path<(PlacementOfferId, TransitionId)>,
    body: Json<Correction>,
    once: Once,
    db: Data<Db>,
) -> Result<Found<PlacementOffer>> {
    let (actor, digest, (id, step)) = (can.actor().clone(), body.digest(), path.into_inner());
    once.write(&db, &can, digest, move |conn| {
        actions::correct(conn, &actor, id, step, body.into_inner())?;
        Found::of(&queries::find(conn, &actor, id)?)
    })
    .await
}
