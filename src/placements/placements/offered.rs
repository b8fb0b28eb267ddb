//! What a seat needs of its offer and its host.

use diesel::prelude::*;

use super::rows::Offered;
use super::rules::{NOT_A_HOST, OFFER_NOT_PUBLISHED};
use crate::db::Conn;
use crate::error::Result;
use crate::kernel::ids::{OrganisationId, PlacementOfferId, RegionId};
use crate::kernel::today::Today;
use crate::placements::offers::PlacementOfferStatus;
use crate::regions::memberships::hosts_in;
use crate::schema::placement_offers;

/// The offer of a new placement; none when the caller cannot see it.
pub(super) fn offered(conn: &mut Conn, id: PlacementOfferId) -> Result<Option<Offered>> {
    Ok(placement_offers::table.find(id).select(Offered::as_select()).first(conn).optional()?)
}

/// Demands that the offer takes interns now.
///
/// # Errors
/// 409 `offer-not-published`.
pub fn require_published(conn: &mut Conn, offer: PlacementOfferId) -> Result<()> {
    match offered(conn, offer)? {
        Some(offer) if offer.status == PlacementOfferStatus::Published => Ok(()),
        _ => Err(OFFER_NOT_PUBLISHED.conflict()),
    }
}

/// Demands that the practice is a host of the region on the business day: an ended membership stops new work.
///
/// # Errors
/// 409 `not-a-host`.
pub fn require_host(conn: &mut Conn, practice: OrganisationId, region: RegionId, today: Today) -> Result<()> {
    if hosts_in(conn, practice, region, today.0)? { Ok(()) } else { Err(NOT_A_HOST.conflict()) }
}
