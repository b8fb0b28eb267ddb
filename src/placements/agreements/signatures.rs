//! Signatures in the database: append-only. Which of them a caller sets or corrects is decided by the
//! row policies, not here.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{exists, max};
use diesel::prelude::*;

use super::model::{Signature, SignatureEvidence, SignatureMethod, SigningParty};
use super::rows::{NewSignature, Recorded};
use super::rules::{ALREADY_SIGNED, SIGNATURE_SUPERSEDED};
use crate::db::{Breach, Conn, OnConstraint as _, Prepare as _, SecondLook as _};
use crate::error::Result;
use crate::kernel::formats::Sha256;
use crate::kernel::ids::{AgreementId, MandateId, OrganisationId, PlacementId, RegionId, SignatureId};
use crate::kernel::text::Line;
use crate::regions::mandates::EvidenceKind;
use crate::schema::{agreement_sheets, agreement_signatures, agreements};

#[derive(Queryable, Selectable)]
#[diesel(table_name = agreement_signatures)]
struct SignatureRow {
    id: SignatureId,
    agreement_id: AgreementId,
    sheet_number: i16,
    party: SigningParty,
    method: SignatureMethod,
    signed_on: NaiveDate,
    evidence_kind: Option<EvidenceKind>,
    evidence_reference: Option<Line<200>>,
    evidence_sha256: Option<Sha256>,
    organisation_id: OrganisationId,
    on_behalf_of: Option<OrganisationId>,
    mandate_id: Option<MandateId>,
    created_at: DateTime<Utc>,
    superseded_at: Option<DateTime<Utc>>,
    supersedes_id: Option<SignatureId>,
}

impl From<SignatureRow> for Signature {
    fn from(row: SignatureRow) -> Self {
        let sha256 = row.evidence_sha256;
        Self {
            id: row.id,
            party: row.party,
            method: row.method,
            signed_on: row.signed_on,
            evidence: row.evidence_kind.zip(row.evidence_reference).map(|(kind, reference)| SignatureEvidence {
                kind,
                reference,
                sha256,
            }),
            recorded_by: row.organisation_id,
            on_behalf_of: row.on_behalf_of,
            mandate_id: row.mandate_id,
            recorded_at: row.created_at,
            supersedes_id: row.supersedes_id,
            superseded_at: row.superseded_at,
        }
    }
}

/// Every signature under these agreements, with the number of its sheet, those that were superseded too.
pub(super) fn under(conn: &mut Conn, ids: &[AgreementId]) -> Result<Vec<(AgreementId, i16, Signature)>> {
    let rows: Vec<SignatureRow> = agreement_signatures::table
        .filter(agreement_signatures::agreement_id.eq_any(ids))
        .order(agreement_signatures::id)
        .select(SignatureRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.agreement_id, row.sheet_number, row.into())).collect())
}

/// The parties whose signatures stand under a sheet.
pub(super) fn parties(conn: &mut Conn, id: AgreementId, sheet: i16) -> Result<Vec<SigningParty>> {
    Ok(agreement_signatures::table
        .filter(agreement_signatures::agreement_id.eq(id))
        .filter(agreement_signatures::sheet_number.eq(sheet))
        .filter(agreement_signatures::superseded_at.is_null())
        .select(agreement_signatures::party)
        .load(conn)?)
}

/// Whether anybody signed a sheet of the agreement.
pub(super) fn are_set(conn: &mut Conn, id: AgreementId) -> Result<bool> {
    let set = agreement_signatures::table
        .filter(agreement_signatures::agreement_id.eq(id))
        .filter(agreement_signatures::superseded_at.is_null());
    Ok(diesel::select(exists(set)).get_result(conn)?)
}

/// The day on which the student signed a sheet.
pub(super) fn student_signed_on(conn: &mut Conn, id: AgreementId, sheet: i16) -> Result<Option<NaiveDate>> {
    Ok(agreement_signatures::table
        .filter(agreement_signatures::agreement_id.eq(id))
        .filter(agreement_signatures::sheet_number.eq(sheet))
        .filter(agreement_signatures::party.eq(SigningParty::Student))
        .filter(agreement_signatures::superseded_at.is_null())
        .select(agreement_signatures::signed_on)
        .first(conn)
        .optional()?)
}

/// The sheet that had to be signed at a moment, or has to be now.
pub(super) fn sheet_signed_at(
    conn: &mut Conn,
    placement: PlacementId,
    at: Option<DateTime<Utc>>,
) -> Result<Option<(AgreementId, i16)>> {
    let mut sheets = agreement_sheets::table
        .inner_join(agreements::table.on(agreements::id.eq(agreement_sheets::agreement_id)))
        .filter(agreements::placement_id.eq(placement))
        .filter(agreement_sheets::needs_signatures)
        .order((agreement_sheets::agreement_id.desc(), agreement_sheets::number.desc()))
        .select((agreement_sheets::agreement_id, agreement_sheets::number))
        .into_boxed();
    if let Some(at) = at {
        sheets = sheets.filter(agreement_sheets::created_at.le(at));
    }
    Ok(sheets.first(conn).optional()?)
}

/// The day of the last signature under the sheet that had to be signed at a moment, or has to be now;
/// none while nobody signed it.
///
/// # Errors
/// 503 when it cannot be read.
pub fn last_signed_on(conn: &mut Conn, placement: PlacementId, at: Option<DateTime<Utc>>) -> Result<Option<NaiveDate>> {
    let Some((id, sheet)) = sheet_signed_at(conn, placement, at)? else { return Ok(None) };
    Ok(agreement_signatures::table
        .filter(agreement_signatures::agreement_id.eq(id))
        .filter(agreement_signatures::sheet_number.eq(sheet))
        .filter(agreement_signatures::superseded_at.is_null())
        .select(max(agreement_signatures::signed_on))
        .first(conn)?)
}

/// The placement and the agreement that a signature belongs to, the host and the party that it is of.
pub(super) fn place_of(
    conn: &mut Conn,
    id: SignatureId,
) -> Result<(PlacementId, AgreementId, (OrganisationId, RegionId), SigningParty)> {
    Ok(agreement_signatures::table
        .inner_join(agreements::table.on(agreements::id.eq(agreement_signatures::agreement_id)))
        .filter(agreement_signatures::id.eq(id))
        .select((
            agreements::placement_id,
            agreements::id,
            (agreements::practice_id, agreements::region_id),
            agreement_signatures::party,
        ))
        .first(conn)?)
}

/// The signature as it was recorded, locked.
pub(super) fn find_for_update(conn: &mut Conn, id: SignatureId) -> Result<Recorded> {
    let found: (Recorded, Option<DateTime<Utc>>) = agreement_signatures::table
        .find(id)
        .select((Recorded::as_select(), agreement_signatures::superseded_at))
        .for_no_key_update()
        .first(conn)
        .or_second_look(conn, "agreement_signatures", id)?;
    match found {
        (recorded, None) => Ok(recorded),
        (_, Some(_)) => Err(SIGNATURE_SUPERSEDED.conflict()),
    }
}

pub(super) fn insert(conn: &mut Conn, new: &NewSignature) -> Result<()> {
    diesel::insert_into(agreement_signatures::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

/// Takes a signature back.
pub(super) fn supersede(conn: &mut Conn, id: SignatureId) -> Result<()> {
    diesel::update(agreement_signatures::table.find(id))
        .set(agreement_signatures::superseded_at.eq(diesel::dsl::now))
        .prepared()
        .execute(conn)?;
    Ok(())
}

const BREACHES: &[(&str, Breach)] =
    &[("agreement_signatures_agreement_id_sheet_number_party_key", Breach::Conflict(&ALREADY_SIGNED))];
