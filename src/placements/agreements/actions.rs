//! Making, amending and signing agreements: each act is decided, stored and recorded, under the
//! mandate that allows it.

use chrono::NaiveDate;
use serde_json::json;

use super::model::{
    CorrectSignature, CreateAgreement, CreateAgreementSheet, CreateSignature, EndAgreement, SignByLink,
    SignatureMethod, SigningParty,
};
use super::rows::{NewAgreement, NewSheet, NewSignature, Recorded, SheetTerms, Standing};
use super::{queries, rules, signatures};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::auth::links::{self, LinkPurpose};
use crate::db::{self, Conn};
use crate::education::student_identities;
use crate::error::{Error, Result};
use crate::http::problem::Language;
use crate::kernel::coded::Coded as _;
use crate::kernel::formats::Email;
use crate::kernel::ids::{AgreementId, OrganisationId, PlacementId, RegionId, SignatureId};
use crate::kernel::role::Role;
use crate::lifecycle::{self, Taken};
use crate::mailing::{Letter, Outbox, SignAgreement};
use crate::placements::placements::{Parent, PlacementStatus, Terms, amend_terms, find_parent, find_standing};
use crate::regions::mandates::{MandateScope, acting_for};

fn event(action: &'static str, id: AgreementId) -> Event {
    Event::new(action, "agreement", id)
}

fn sheet_of(agreement: &Standing, number: i16, terms: SheetTerms, needs_signatures: bool) -> NewSheet {
    NewSheet {
        agreement_id: agreement.id,
        number,
        region_id: agreement.region_id,
        school_id: agreement.school_id,
        practice_id: agreement.practice_id,
        terms,
        needs_signatures,
    }
}

/// What a caller puts under an agreement, or records in somebody's name.
fn signature_of(agreement: &Standing, actor: &Actor, taken: Taken, recorded: Recorded) -> Result<NewSignature> {
    Ok(NewSignature {
        id: SignatureId::new(),
        agreement_id: agreement.id,
        region_id: agreement.region_id,
        school_id: agreement.school_id,
        practice_id: agreement.practice_id,
        recorded,
        client_id: actor.client,
        organisation_id: actor.organisation.ok_or(Error::Unauthenticated)?,
        on_behalf_of: taken.map(|(practice, _)| practice),
        mandate_id: taken.map(|(_, mandate)| mandate),
        supersedes_id: None,
    })
}

/// The agreement, with its placement locked, if it can be worked on.
fn find_workable(conn: &mut Conn, placement: PlacementId, id: AgreementId) -> Result<Standing> {
    let (parent, agreement) = find_locked(conn, placement, id)?;
    require_workable(&parent, &agreement)?;
    Ok(agreement)
}

/// The agreement, with its placement locked and nobody signing it.
fn find_locked(conn: &mut Conn, placement: PlacementId, id: AgreementId) -> Result<(Parent, Standing)> {
    let parent = find_parent(conn, placement)?;
    queries::stand_in_line(conn, id)?;
    Ok((parent, queries::find_standing(conn, placement, id)?))
}

/// Demands that the agreement can be worked on.
fn require_workable(parent: &Parent, agreement: &Standing) -> Result<()> {
    parent.require_under_way()?;
    rules::may_work_on(agreement.ended_on)
}

/// Makes the agreement on a placement, with a first sheet of its terms.
pub(super) fn make(
    conn: &mut Conn,
    actor: &Actor,
    placement: PlacementId,
    new: CreateAgreement,
) -> Result<AgreementId> {
    let parent = find_parent(conn, placement)?;
    rules::may_make(parent.status())?;
    let mut terms = queries::terms_of_placement(conn, placement)?;
    terms.leerbedrijf_id = new.leerbedrijf_id.or(terms.leerbedrijf_id);
    terms.starts_on = rules::first_day(terms.starts_on, terms.ends_on, queries::switched_on(conn, placement)?);
    let (id, key) = (AgreementId::new(), parent.key());
    let row = NewAgreement {
        id,
        placement_id: key.placement_id,
        region_id: key.region_id,
        school_id: key.school_id,
        practice_id: key.practice_id,
    };
    queries::insert(conn, &row)?;
    let agreement = queries::find_standing(conn, placement, id)?;
    queries::insert_sheet(conn, &sheet_of(&agreement, 1, terms, true))?;
    audit::record(conn, actor, event("created", id).with(json!({ "placementId": placement })))?;
    Ok(id)
}

/// Amends an agreement with a new sheet; the placement follows.
pub(super) fn amend(
    conn: &mut Conn,
    actor: &Actor,
    placement: PlacementId,
    id: AgreementId,
    new: CreateAgreementSheet,
) -> Result<()> {
    let agreement = find_workable(conn, placement, id)?;
    let (newest, before) = queries::newest_sheet(conn, id)?;
    let terms = rules::amended(&before, new)?;
    let (_, signed) = queries::sheet_to_sign(conn, id)?;
    let needs_signatures = rules::needs_signatures(&before, &terms, rules::awaiting(&signed).is_empty());
    let number = newest.checked_add(1).ok_or_else(|| Error::internal("too many sheets"))?;
    let current = find_standing(conn, placement)?;
    let agreed = Terms {
        starts_on: rules::moved_start(current.status, current.starts_on, &before, &terms)?,
        ends_on: terms.ends_on,
        hours_per_week: terms.hours_per_week,
        total_hours: terms.total_hours,
    };
    amend_terms(conn, placement, &agreed, terms.school_supervisor.clone())?;
    queries::insert_sheet(conn, &sheet_of(&agreement, number, terms, needs_signatures))?;
    queries::forget_asked(conn, id)?;
    let detail = json!({ "sheetNumber": number, "needsSignatures": needs_signatures });
    audit::record(conn, actor, event("amended", id).with(detail))
}

/// In whose name the caller ends an agreement: what nobody signed is taken back by whoever may make one;
/// once anybody has signed, a bureau needs the mandate of the host, whom it binds too.
fn in_whose_name_to_end(conn: &mut Conn, actor: &Actor, agreement: &Standing) -> Result<Taken> {
    if actor.is_bureau() && signatures::are_set(conn, agreement.id)? {
        let (practice, region) = (agreement.practice_id, agreement.region_id);
        return acting_for(conn, actor, practice, Some(region), MandateScope::Agreements);
    }
    Ok(None)
}

/// Ends an agreement by hand; another one can be made then.
pub(super) fn end(
    conn: &mut Conn,
    actor: &Actor,
    placement: PlacementId,
    id: AgreementId,
    told: &EndAgreement,
) -> Result<()> {
    let (parent, agreement) = find_locked(conn, placement, id)?;
    let taken = in_whose_name_to_end(conn, actor, &agreement)?;
    require_workable(&parent, &agreement)?;
    let day = rules::ends_on(told, db::today(conn)?)?;
    queries::end(conn, id, day, told.end_reason)?;
    let detail = json!({ "endedOn": day, "endReason": told.end_reason });
    audit::record(conn, actor, event("ended", id).with(detail).on_behalf_of(taken))
}

/// In whose name the caller signs for a party.
fn in_whose_name(
    conn: &mut Conn,
    actor: &Actor,
    (practice, region): (OrganisationId, RegionId),
    party: SigningParty,
) -> Result<Taken> {
    match (actor.role, party) {
        (Some(Role::School), SigningParty::School | SigningParty::Student) => Ok(None),
        (Some(Role::Practice | Role::Region), SigningParty::Practice) => {
            acting_for(conn, actor, practice, Some(region), MandateScope::Agreements)
        }
        _ => Err(Error::Forbidden(&rules::NOT_YOURS_TO_SIGN)),
    }
}

/// Signs the sheet that needs signatures, as a party or for it.
pub(super) fn sign(
    conn: &mut Conn,
    actor: &Actor,
    placement: PlacementId,
    id: AgreementId,
    new: CreateSignature,
) -> Result<()> {
    let (parent, agreement) = find_locked(conn, placement, id)?;
    let taken = in_whose_name(conn, actor, (agreement.practice_id, agreement.region_id), new.party)?;
    require_workable(&parent, &agreement)?;
    let signed_on = rules::signed_on(&new, db::today(conn)?)?;
    let (sheet_number, _) = queries::sheet_to_sign(conn, id)?;
    let (kind, reference, sha256) =
        new.evidence.map_or((None, None, None), |it| (Some(it.kind), Some(it.reference), it.sha256));
    let recorded = Recorded {
        sheet_number,
        party: new.party,
        method: new.method,
        signed_on,
        evidence_kind: kind,
        evidence_reference: reference,
        evidence_sha256: sha256,
    };
    let signature = signature_of(&agreement, actor, taken, recorded)?;
    signatures::insert(conn, &signature)?;
    audit::record(conn, actor, signing("signed", &signature, taken))
}

/// Demands of a sheet on which the internship began that it is signed by that day, as the start itself demands.
fn require_signed_by_the_start(
    conn: &mut Conn,
    placement: PlacementId,
    sheet: (AgreementId, i16),
    signed_on: NaiveDate,
) -> Result<()> {
    let start = lifecycle::standing_step(conn, placement, PlacementStatus::Ready, PlacementStatus::Active)?;
    let Some((began_on, recorded_at)) = start else { return Ok(()) };
    if signatures::sheet_signed_at(conn, placement, Some(recorded_at))? != Some(sheet) {
        return Ok(());
    }
    rules::signed_by_the_start(signed_on, began_on)
}

/// Corrects a signature, or withdraws it, as the organisation that recorded it or for which it was;
/// returns where it is.
pub(super) fn correct_signature(
    conn: &mut Conn,
    actor: &Actor,
    signature: SignatureId,
    told: CorrectSignature,
) -> Result<(PlacementId, AgreementId)> {
    let (placement, id, whose, party) = signatures::place_of(conn, signature)?;
    let taken = in_whose_name(conn, actor, whose, party)?;
    let parent = find_parent(conn, placement)?;
    let recorded = signatures::find_for_update(conn, signature)?;
    let agreement = queries::find_standing(conn, placement, id)?;
    require_workable(&parent, &agreement)?;
    if told.withdrawn {
        signatures::supersede(conn, signature)?;
        let detail = json!({
            "signatureId": signature,
            "sheetNumber": recorded.sheet_number,
            "party": recorded.party.code(),
        });
        audit::record(conn, actor, event("signature-withdrawn", id).with(detail).on_behalf_of(taken))?;
        return Ok((placement, id));
    }
    let right = rules::corrected(&recorded, told, db::today(conn)?)?;
    if right.signed_on != recorded.signed_on {
        require_signed_by_the_start(conn, placement, (id, recorded.sheet_number), right.signed_on)?;
    }
    signatures::supersede(conn, signature)?;
    let next = NewSignature { supersedes_id: Some(signature), ..signature_of(&agreement, actor, taken, right)? };
    signatures::insert(conn, &next)?;
    audit::record(conn, actor, signing("signature-corrected", &next, taken))?;
    Ok((placement, id))
}

fn signing(action: &'static str, signature: &NewSignature, taken: Taken) -> Event {
    let detail = json!({
        "sheetNumber": signature.recorded.sheet_number,
        "party": signature.recorded.party.code(),
        "method": signature.recorded.method.code(),
    });
    event(action, signature.agreement_id).with(detail).on_behalf_of(taken)
}

/// Has the student mailed a link to sign; the link before it works no more.
pub(super) fn ask_student(
    conn: &mut Conn,
    actor: &Actor,
    outbox: &Outbox,
    placement: PlacementId,
    id: AgreementId,
) -> Result<()> {
    find_workable(conn, placement, id)?;
    let organisation = actor.organisation.ok_or(Error::Unauthenticated)?;
    if queries::sheet_to_sign(conn, id)?.1.contains(&SigningParty::Student) {
        return Err(rules::ALREADY_SIGNED.conflict());
    }
    let student = find_standing(conn, placement)?.student_id;
    let address = student_identities::find(conn, student)?.school_email;
    let address = address.as_deref().and_then(|address| Email::new(address).ok());
    let address = address.ok_or_else(|| rules::NO_SCHOOL_EMAIL.conflict())?;
    let asked = queries::find_to_sign(conn, id)?;
    queries::set_asked(conn, id)?;
    let letter = Letter::SignAgreement(SignAgreement {
        token: links::issue(conn, LinkPurpose::Agreement, id, organisation)?,
        school: asked.school.name,
        practice: asked.practice.name,
        starts_on: asked.starts_on,
        ends_on: asked.ends_on,
    });
    outbox.enqueue(conn, organisation, Language::Dutch, &address, &letter)?;
    audit::record(conn, actor, event("student-asked", id).with(json!({ "sheetNumber": asked.sheet_number })))
}

/// Signs as the student who was mailed the link, which is used up.
pub(super) fn sign_by_link(conn: &mut Conn, actor: &Actor, id: AgreementId, read: &SignByLink) -> Result<()> {
    queries::stand_in_line(conn, id)?;
    links::burn(conn)?;
    let agreement = queries::find_linked(conn, id)?;
    rules::may_work_on(agreement.ended_on)?;
    let (sheet_number, _) = queries::sheet_to_sign(conn, id)?;
    if sheet_number != read.sheet_number {
        return Err(rules::OTHER_SHEET.conflict());
    }
    let recorded = Recorded {
        sheet_number,
        party: SigningParty::Student,
        method: SignatureMethod::Link,
        signed_on: db::today(conn)?.0,
        evidence_kind: None,
        evidence_reference: None,
        evidence_sha256: None,
    };
    let signature = signature_of(&agreement, actor, None, recorded)?;
    signatures::insert(conn, &signature)?;
    audit::record(conn, actor, signing("signed", &signature, None))
}
