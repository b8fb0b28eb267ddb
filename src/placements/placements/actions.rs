//! What school, host and bureau do with a placement besides moving it: each act is decided, stored
//! and recorded, under the mandate that allows it.

use super::lifecycle::PlacementStatus;
use super::model::{CreatePlacement, EmployerKind, PatchGuidance, PatchPlacement, PatchReservation, TellEmployer};
use super::offered::{offered, require_host};
use super::rows::{Employment, NewPlacement, Standing};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::db::{self, Conn};
use crate::error::{Error, Result};
use crate::initiatives::initiatives::require_named;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::ids::{PlacementId, PlacementRequestId};
use crate::lifecycle::{self, Taken};
use crate::placements::requests;
use crate::regions::mandates::{MandateScope, acting_for};
use crate::regions::memberships::is_member;
use crate::regions::regions::bureau_of;
use crate::trainings::mentors::require_guide;

/// The event, in the name of the host where a mandate was needed.
fn event(action: &'static str, id: PlacementId, taken: Taken) -> Event {
    Event::new(action, "placement", id).on_behalf_of(taken)
}

/// A bureau places on request.
fn require_request(actor: &Actor, request: Option<PlacementRequestId>) -> Result<()> {
    if actor.is_bureau() && request.is_none() {
        return Err(rules::REQUEST_NEEDED.fault("/requestId").into());
    }
    Ok(())
}

/// Proposes a student for a seat.
pub(super) fn propose(conn: &mut Conn, actor: &Actor, new: CreatePlacement) -> Result<PlacementId> {
    require_request(actor, new.request_id)?;
    let today = db::today(conn)?;
    let begun = rules::begins_on(&new, today)?;
    let student = queries::candidate(conn, new.student_id)?.ok_or_else(|| UNKNOWN_REFERENCE.fault("/studentId"))?;
    let offer = offered(conn, new.offer_id)?.ok_or_else(|| UNKNOWN_REFERENCE.fault("/offerId"))?;
    let (learning_path, starts_on, ends_on) = rules::fits(&new, &student, &offer)?;
    if !is_member(conn, student.school_id, offer.region_id, today.0)? {
        return Err(rules::NO_MEMBER.conflict());
    }
    require_host(conn, offer.practice_id, offer.region_id, today)?;
    let request = match new.request_id {
        // A bureau places whom it is asked to place, in the days for which it is asked.
        Some(named) if actor.is_bureau() && requests::asks_for(conn, named, (starts_on, ends_on))? == Some(false) => {
            return Err(requests::REQUEST_NOT_OPEN.conflict());
        }
        Some(named) => Some(named),
        // Whoever gets a seat no longer waits for one.
        None => {
            requests::open_for(conn, new.student_id, offer.region_id, student.qualification_id, (starts_on, ends_on))?
        }
    };
    let row = NewPlacement {
        id: PlacementId::new(),
        region_id: offer.region_id,
        school_id: student.school_id,
        practice_id: offer.practice_id,
        student_id: new.student_id,
        offer_id: new.offer_id,
        request_id: request,
        programme_id: student.programme_id,
        qualification_id: student.qualification_id,
        learning_path,
        school_supervisor: new.school_supervisor,
        starts_on,
        ends_on,
        hours_per_week: new.hours_per_week.or(offer.hours_per_week),
        total_hours: new.total_hours,
    };
    queries::insert(conn, &row)?;
    lifecycle::begin(conn, actor, row.id, PlacementStatus::Proposed, begun, None)?;
    audit::record(conn, actor, event("created", row.id, None))?;
    Ok(row.id)
}

/// Changes terms, employer or supervisor of a placement that the caller has locked.
pub(super) fn change(conn: &mut Conn, actor: &Actor, current: &Standing, patch: PatchPlacement) -> Result<()> {
    let terms = if rules::touches_terms(current.status, &patch)? {
        let offer = offered(conn, current.offer_id)?.ok_or(Error::NotFound)?;
        Some(rules::changed_terms(current, &patch, (offer.starts_on, offer.ends_on))?)
    } else {
        None
    };
    let employment = patch.employer.as_change().map(|told| employed(conn, actor, current, told)).transpose()?;
    let (employment, taken) = employment.map_or((None, None), |(employment, taken)| (Some(employment), taken));
    let supervisor = patch.school_supervisor.into_change();
    queries::update(conn, current.id, terms.as_ref(), employment.as_ref(), supervisor)?;
    audit::record(conn, actor, event("changed", current.id, taken))
}

/// Who employs the student, and in whose name the caller says so: that the host does is the host's to say
/// when a bureau states it, and what school and host agreed on when a school does.
fn employed(
    conn: &mut Conn,
    actor: &Actor,
    current: &Standing,
    told: Option<&TellEmployer>,
) -> Result<(Employment, Taken)> {
    let bureau = match told {
        Some(told) if told.kind == EmployerKind::Bureau => Some(bureau_of(conn, current.region_id)?),
        _ => None,
    };
    let employment = rules::employment(current, bureau, told)?;
    let taken = match told {
        Some(told) if told.kind == EmployerKind::Host && actor.is_bureau() => {
            acting_for(conn, actor, current.practice_id, Some(current.region_id), MandateScope::Employment)?
        }
        _ => None,
    };
    Ok((employment, taken))
}

/// The placement, locked, and in whose name the caller says who guides the intern.
///
/// # Errors
/// 404 when the caller cannot see it, 403 when it does not speak for the host.
pub(super) fn find_guided(conn: &mut Conn, actor: &Actor, id: PlacementId) -> Result<(Standing, Taken)> {
    let current = queries::find_for_update(conn, id)?;
    let taken = acting_for(conn, actor, current.practice_id, Some(current.region_id), MandateScope::Placements)?;
    Ok((current, taken))
}

/// Says who guides the intern at the host, for a placement that was found by [`find_guided`].
pub(super) fn guide(
    conn: &mut Conn,
    actor: &Actor,
    current: &Standing,
    taken: Taken,
    patch: PatchGuidance,
) -> Result<()> {
    let Some(mentor) = patch.mentor_id.into_change() else { return Ok(()) };
    if let Some(mentor) = mentor {
        let qualification = queries::trained_for(conn, current)?;
        require_guide(conn, mentor, current.practice_id, qualification)?;
    }
    queries::guide(conn, current.id, mentor)?;
    audit::record(conn, actor, event("guided", current.id, taken))
}

/// Keeps the seat until another day, or lets the placement count for another initiative.
pub(super) fn keep(conn: &mut Conn, actor: &Actor, current: &Standing, patch: PatchReservation) -> Result<()> {
    let until = patch.expires_on.as_change().map(|day| day.date());
    if let Some(until) = until {
        rules::keeps_until(current, until, db::today(conn)?)?;
    }
    if let Some(initiative) = patch.initiative_id.value() {
        require_named(conn, *initiative)?;
    }
    queries::keep(conn, current.id, until, patch.initiative_id.into_change())?;
    audit::record(conn, actor, event("kept", current.id, None))
}
