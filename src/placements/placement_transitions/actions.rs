//! Taking and mending a step of a placement, in whose name it is taken.

use chrono::{DateTime, Utc};

use super::rules;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::db::{self, Conn};
use crate::error::Result;
use crate::kernel::ids::{PlacementId, TransitionId};
use crate::kernel::today::Today;
use crate::lifecycle::{self, Correction, Move, NOT_CORRECTABLE, Request, State as _, Taken};
use crate::placements::agreements::{has_sheet, last_signed_on};
use crate::placements::placements::{
    PlacementStatus, Standing, find_for_update, next_steps, require_host, require_published,
};
use crate::placements::readiness::require_ready;
use crate::regions::mandates::{MandateScope, acting_for};

fn event(action: &'static str, id: PlacementId, taken: Taken) -> Event {
    Event::new(action, "placement", id).on_behalf_of(taken)
}

/// A host's own steps are its own, or its bureau's under a mandate.
fn in_whose_name(conn: &mut Conn, actor: &Actor, current: &Standing, to: PlacementStatus) -> Result<Taken> {
    if to.is_the_hosts() {
        acting_for(conn, actor, current.practice_id, Some(current.region_id), MandateScope::Placements)
    } else {
        Ok(None)
    }
}

/// Decides whether the day of a step fits; one that is corrected rests on what was signed before it was
/// recorded at first.
fn fits_the_days(
    conn: &mut Conn,
    current: &Standing,
    step: &Move<PlacementStatus>,
    recorded_at: Option<DateTime<Utc>>,
) -> Result<()> {
    let signed_on = if rules::begins(step) { last_signed_on(conn, current.id, recorded_at)? } else { None };
    rules::fits_the_days(current, step, signed_on)
}

/// Decides whether a step may take a seat, or give back one that was freed: only where the offer can still be
/// taken up and the practice hosts in the region today.
fn may_take(
    conn: &mut Conn,
    current: &Standing,
    (from, to): (PlacementStatus, PlacementStatus),
    today: Today,
) -> Result<()> {
    if !rules::takes_a_seat(from, to) {
        return Ok(());
    }
    require_published(conn, current.offer_id)?;
    require_host(conn, current.practice_id, current.region_id, today)
}

/// Takes the next step of a placement.
pub(super) fn advance(conn: &mut Conn, actor: &Actor, id: PlacementId, asked: Request<PlacementStatus>) -> Result<()> {
    let (current, table) = (find_for_update(conn, id)?, PlacementStatus::lifecycle());
    let taken = in_whose_name(conn, actor, &current, asked.to)?;
    if !table.allowed(actor, current.status).contains(&asked.to) {
        return Err(lifecycle::invalid_transition(current.status, &next_steps(conn, actor, &current)?));
    }
    let (previous, today) = (lifecycle::last_effective_on::<PlacementStatus>(conn, id)?, db::today(conn)?);
    let step = table.decide(actor, current.status, previous, today, asked)?;
    fits_the_days(conn, &current, &step, None)?;
    may_take(conn, &current, (step.from, step.to), today)?;
    if step.to == PlacementStatus::AgreementPending && !has_sheet(conn, id)? {
        return Err(rules::SHEET_MISSING.conflict());
    }
    // What was there when it became ready may have gone since: an agreement that ended.
    if step.to == PlacementStatus::Ready || rules::begins(&step) {
        require_ready(conn, &current)?;
    }
    lifecycle::advance(conn, actor, id, &step, taken)?;
    audit::record(conn, actor, event("moved", id, taken).with(step.codes()))
}

/// Corrects a step of a placement.
pub(super) fn correct(
    conn: &mut Conn,
    actor: &Actor,
    id: PlacementId,
    step: TransitionId,
    correction: Correction,
) -> Result<()> {
    let current = find_for_update(conn, id)?;
    let today = db::today(conn)?;
    let taken = in_whose_name(conn, actor, &current, current.status)?;
    let corrected = lifecycle::corrected::<PlacementStatus>(conn, actor, id, step, correction, today)?;
    fits_the_days(conn, &current, &corrected.step, Some(corrected.first_recorded_at))?;
    may_take(conn, &current, (corrected.leaves, corrected.step.to), today)?;
    if rules::unagrees(corrected.leaves, corrected.step.to) && has_sheet(conn, id)? {
        return Err(NOT_CORRECTABLE.conflict());
    }
    lifecycle::record_correction(conn, actor, id, &corrected, taken)?;
    audit::record(conn, actor, event("corrected", id, taken))
}
