//! What a practice does with its offers, or its bureau in its name: each act is decided, stored and
//! recorded, under the mandate that allows it.

use super::model::{CreatePlacementOffer, PatchPlacementOffer, PlacementOfferStatus};
use super::rows::Standing;
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::db::{self, Conn};
use crate::error::Result;
use crate::initiatives::initiatives::require_named;
use crate::kernel::ids::{OrganisationId, PlacementOfferId, RegionId, TransitionId};
use crate::kernel::today::Today;
use crate::lifecycle::{self, Correction, NOT_CORRECTABLE, Request, State as _, Taken};
use crate::organisations::qualifications::{framework_of, paths_fit};
use crate::regions::mandates::{MandateScope, acting_for};
use crate::regions::memberships::{hosting_regions, hosts_in, schools_among};
use crate::trainings::mentors::require_guide;

/// The event, in the name of the practice where a mandate was needed.
fn event(action: &'static str, id: PlacementOfferId, taken: Taken) -> Event {
    Event::new(action, "placement-offer", id).on_behalf_of(taken)
}

fn require_schools(conn: &mut Conn, region: RegionId, asked: &[OrganisationId], today: Today) -> Result<()> {
    if asked.is_empty() {
        return Ok(());
    }
    rules::schools_of_region(asked, &schools_among(conn, region, asked, today.0)?)
}

/// Enters a draft.
pub(super) fn enter(conn: &mut Conn, actor: &Actor, new: CreatePlacementOffer) -> Result<PlacementOfferId> {
    let today = db::today(conn)?;
    let region = rules::region(&hosting_regions(conn, new.practice_id, today.0)?, new.region_id);
    // The mandate comes first, whatever else is wrong.
    let in_region = region.as_ref().ok().copied();
    let taken = acting_for(conn, actor, new.practice_id, in_region, MandateScope::Offers)?;
    rules::may_enter(&new)?;
    let begun = rules::begins_on(&new, today)?;
    paths_fit(&new.learning_paths, framework_of(conn, new.qualification_id)?)?;
    let region = region?;
    if let Some(initiative) = new.initiative_id {
        require_named(conn, initiative)?;
    }
    if let Some(mentor) = new.mentor_id {
        require_guide(conn, mentor, new.practice_id, new.qualification_id)?;
    }
    require_schools(conn, region, &new.reserved_for_school_ids, today)?;
    let row = new.into_row(region);
    queries::insert(conn, &row)?;
    lifecycle::begin(conn, actor, row.id, PlacementOfferStatus::Draft, begun, taken)?;
    audit::record(conn, actor, event("created", row.id, taken))?;
    Ok(row.id)
}

/// The offer as it stands, locked, and in whose name the caller changes it.
///
/// # Errors
/// 404 when the caller cannot see it, 403 when it may not write it.
pub(super) fn find_writable(conn: &mut Conn, actor: &Actor, id: PlacementOfferId) -> Result<(Standing, Taken)> {
    let (practice, region) = queries::place_of(conn, id)?;
    let taken = acting_for(conn, actor, practice, Some(region), MandateScope::Offers)?;
    Ok((queries::find_for_update(conn, id)?, taken))
}

/// Changes an offer that was found by [`find_writable`].
pub(super) fn change(
    conn: &mut Conn,
    actor: &Actor,
    id: PlacementOfferId,
    current: &Standing,
    taken: Taken,
    patch: PatchPlacementOffer,
) -> Result<()> {
    rules::may_change(current, &patch)?;
    let qualification = patch.qualification_id.as_change().copied().unwrap_or(current.qualification_id);
    if !patch.learning_paths.is_absent() || !patch.qualification_id.is_absent() {
        let paths = patch.learning_paths.as_change().unwrap_or(&current.learning_paths);
        paths_fit(paths, framework_of(conn, qualification)?)?;
    }
    if let Some(mentor) = patch.mentor_to_judge(current) {
        require_guide(conn, mentor, current.practice_id, qualification)?;
    }
    if let Some(initiative) = patch.initiative_id.value() {
        require_named(conn, *initiative)?;
    }
    if let Some(schools) = patch.reserved_for_school_ids.as_change() {
        let today = db::today(conn)?;
        require_schools(conn, current.region_id, schools, today)?;
    }
    queries::update(conn, id, &patch.into_changes(current.version))?;
    audit::record(conn, actor, event("changed", id, taken))
}

/// Decides whether an offer may come into a state, by a step into it or because the one out of it is
/// taken back.
fn may_become(
    conn: &mut Conn,
    id: PlacementOfferId,
    current: &Standing,
    to: PlacementOfferStatus,
    today: Today,
) -> Result<()> {
    match to {
        // What placements rest on stands; as a draft it would be free again.
        PlacementOfferStatus::Draft if queries::is_named(conn, id)? => Err(NOT_CORRECTABLE.conflict()),
        // An ended membership stops new work.
        PlacementOfferStatus::Published if !hosts_in(conn, current.practice_id, current.region_id, today.0)? => {
            Err(rules::NOT_A_HOST.conflict())
        }
        _ => Ok(()),
    }
}

/// Takes the next step of an offer.
pub(super) fn advance(
    conn: &mut Conn,
    actor: &Actor,
    id: PlacementOfferId,
    asked: Request<PlacementOfferStatus>,
) -> Result<()> {
    let (current, taken) = find_writable(conn, actor, id)?;
    let (previous, today) = (lifecycle::last_effective_on::<PlacementOfferStatus>(conn, id)?, db::today(conn)?);
    let step = PlacementOfferStatus::lifecycle().decide(actor, current.status, previous, today, asked)?;
    may_become(conn, id, &current, step.to, today)?;
    lifecycle::advance(conn, actor, id, &step, taken)?;
    audit::record(conn, actor, event("moved", id, taken).with(step.codes()))
}

/// Corrects a step of an offer.
pub(super) fn correct(
    conn: &mut Conn,
    actor: &Actor,
    id: PlacementOfferId,
    step: TransitionId,
    correction: Correction,
) -> Result<()> {
    let (current, taken) = find_writable(conn, actor, id)?;
    let today = db::today(conn)?;
    let corrected = lifecycle::corrected::<PlacementOfferStatus>(conn, actor, id, step, correction, today)?;
    if let Some(to) = corrected.returns_to() {
        may_become(conn, id, &current, to, today)?;
    }
    lifecycle::record_correction(conn, actor, id, &corrected, taken)?;
    audit::record(conn, actor, event("corrected", id, taken))
}
