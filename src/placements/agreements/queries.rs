//! Agreements in the database. Which of them a caller sees or signs is decided by the row policies,
//! not here.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Uuid as SqlUuid;

use super::model::{Agreement, AgreementEndReason, AgreementSheet, AgreementToSign, Signature, SigningParty};
use super::rows::{NewAgreement, NewSheet, SheetTerms, Standing};
use super::rules::{AGREEMENT_STANDS, awaiting};
use super::signatures;
use crate::db::{Breach, Conn, OnConstraint as _, Prepare as _};
use crate::error::Result;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::ids::{AgreementId, OrganisationId, PlacementId, RegionId};
use crate::kernel::named::Named;
use crate::schema::{agreement_sheets, agreements, organisations, placements, qualifications, regions};

diesel::alias!(organisations as hosts: Hosts);

#[derive(Queryable, Selectable)]
#[diesel(table_name = agreements)]
struct Row {
    id: AgreementId,
    placement_id: PlacementId,
    region_id: RegionId,
    school_id: OrganisationId,
    practice_id: OrganisationId,
    student_asked_at: Option<DateTime<Utc>>,
    ended_on: Option<NaiveDate>,
    end_reason: Option<AgreementEndReason>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = agreement_sheets)]
struct SheetRow {
    agreement_id: AgreementId,
    number: i16,
    #[diesel(embed)]
    terms: SheetTerms,
    needs_signatures: bool,
    created_at: DateTime<Utc>,
}

fn sheet((row, qualification): (SheetRow, String), under: Vec<Signature>) -> AgreementSheet {
    let terms = row.terms;
    let (signatures, former_signatures) = under.into_iter().partition(|signature| signature.superseded_at.is_none());
    AgreementSheet {
        number: row.number,
        qualification: Named::new(terms.qualification_id, qualification),
        learning_path: terms.learning_path,
        starts_on: terms.starts_on,
        ends_on: terms.ends_on,
        hours_per_week: terms.hours_per_week,
        total_hours: terms.total_hours,
        leerbedrijf_id: terms.leerbedrijf_id.map(Into::into),
        school_supervisor: terms.school_supervisor.map(Into::into),
        needs_signatures: row.needs_signatures,
        signatures,
        former_signatures,
        created_at: row.created_at,
    }
}

/// Who still has to sign, of the newest sheet that needs signatures.
fn still_awaiting(sheets: &[AgreementSheet]) -> Vec<SigningParty> {
    let Some(sheet) = sheets.iter().rfind(|sheet| sheet.needs_signatures) else { return Vec::new() };
    let signed: Vec<SigningParty> = sheet.signatures.iter().map(|signature| signature.party).collect();
    awaiting(&signed)
}

/// The select every reading query shares: the row and the names of school, host and region.
macro_rules! joined {
    () => {
        agreements::table
            .inner_join(organisations::table.on(organisations::id.eq(agreements::school_id)))
            .inner_join(hosts.on(hosts.field(organisations::id).eq(agreements::practice_id)))
            .inner_join(regions::table.on(regions::id.eq(agreements::region_id)))
            .select((Row::as_select(), organisations::name, hosts.field(organisations::name), regions::name))
    };
}

type Joined = (Row, String, String, String);

/// The agreements with their sheets and signatures.
fn assemble(conn: &mut Conn, found: Vec<Joined>) -> Result<Vec<Agreement>> {
    let ids: Vec<AgreementId> = found.iter().map(|(row, ..)| row.id).collect();
    let mut under: BTreeMap<(AgreementId, i16), Vec<Signature>> = BTreeMap::new();
    for (agreement, number, signature) in signatures::under(conn, &ids)? {
        under.entry((agreement, number)).or_default().push(signature);
    }
    let mut sheets: BTreeMap<AgreementId, Vec<AgreementSheet>> = BTreeMap::new();
    let rows: Vec<(SheetRow, String)> = agreement_sheets::table
        .inner_join(qualifications::table.on(qualifications::id.eq(agreement_sheets::qualification_id)))
        .filter(agreement_sheets::agreement_id.eq_any(&ids))
        .order((agreement_sheets::agreement_id, agreement_sheets::number))
        .select((SheetRow::as_select(), qualifications::name))
        .load(conn)?;
    for row in rows {
        let key = (row.0.agreement_id, row.0.number);
        let signed = under.remove(&key).unwrap_or_default();
        sheets.entry(key.0).or_default().push(sheet(row, signed));
    }
    let whole = found.into_iter().map(|(row, school, practice, region)| {
        let sheets = sheets.remove(&row.id).unwrap_or_default();
        Agreement {
            id: row.id,
            placement_id: row.placement_id,
            school: Named::new(row.school_id, school),
            practice: Named::new(row.practice_id, practice),
            region: Named::new(row.region_id, region),
            awaiting: still_awaiting(&sheets),
            sheets,
            student_asked_at: row.student_asked_at,
            ended_on: row.ended_on,
            end_reason: row.end_reason,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    });
    Ok(whole.collect())
}

/// One agreement on a placement.
pub(super) fn find(conn: &mut Conn, placement: PlacementId, id: AgreementId) -> Result<Agreement> {
    let found: Joined =
        joined!().filter(agreements::id.eq(id)).filter(agreements::placement_id.eq(placement)).first(conn)?;
    assemble(conn, vec![found])?.pop().ok_or(crate::error::Error::NotFound)
}

/// Every agreement on a placement, the newest first.
pub(super) fn list(conn: &mut Conn, placement: PlacementId) -> Result<Vec<Agreement>> {
    let found: Vec<Joined> =
        joined!().filter(agreements::placement_id.eq(placement)).order(agreements::id.desc()).limit(100).load(conn)?;
    assemble(conn, found)
}

/// The agreement as rules look at it; the lock is that of its placement.
pub(super) fn find_standing(conn: &mut Conn, placement: PlacementId, id: AgreementId) -> Result<Standing> {
    Ok(agreements::table
        .find(id)
        .filter(agreements::placement_id.eq(placement))
        .select(Standing::as_select())
        .first(conn)?)
}

/// The agreement that a link opens.
pub(super) fn find_linked(conn: &mut Conn, id: AgreementId) -> Result<Standing> {
    Ok(agreements::table.find(id).select(Standing::as_select()).first(conn)?)
}

/// The terms of a placement, for the first sheet, with the identifier of its host as training company.
pub(super) fn terms_of_placement(conn: &mut Conn, id: PlacementId) -> Result<SheetTerms> {
    Ok(placements::table
        .inner_join(organisations::table.on(organisations::id.eq(placements::practice_id)))
        .filter(placements::id.eq(id))
        .select((
            placements::qualification_id,
            placements::learning_path,
            placements::starts_on,
            placements::ends_on,
            placements::hours_per_week,
            placements::total_hours,
            organisations::leerbedrijf_id,
            placements::school_supervisor,
        ))
        .first(conn)?)
}

/// The day on which the agreement before this one ended, where it gave way to another learning path.
pub(super) fn switched_on(conn: &mut Conn, placement: PlacementId) -> Result<Option<NaiveDate>> {
    let latest: Option<(Option<NaiveDate>, Option<AgreementEndReason>)> = agreements::table
        .filter(agreements::placement_id.eq(placement))
        .filter(agreements::ended_on.is_not_null())
        .order(agreements::id.desc())
        .select((agreements::ended_on, agreements::end_reason))
        .first(conn)
        .optional()?;
    Ok(latest.and_then(|(on, why)| on.filter(|_| why == Some(AgreementEndReason::LearningPathSwitched))))
}

/// The newest sheet: its number and terms.
pub(super) fn newest_sheet(conn: &mut Conn, id: AgreementId) -> Result<(i16, SheetTerms)> {
    Ok(agreement_sheets::table
        .filter(agreement_sheets::agreement_id.eq(id))
        .order(agreement_sheets::number.desc())
        .select((agreement_sheets::number, SheetTerms::as_select()))
        .first(conn)?)
}

/// Until the transaction ends nobody else signs, amends or ends the agreement.
const STAND_IN_LINE: &str = "SELECT pg_advisory_xact_lock(signing_lock($1))";

pub(super) fn stand_in_line(conn: &mut Conn, id: AgreementId) -> Result<()> {
    sql_query(STAND_IN_LINE).bind::<SqlUuid, _>(id).prepared().execute(conn)?;
    Ok(())
}

/// The newest sheet that needs signatures, and who signed it.
pub(super) fn sheet_to_sign(conn: &mut Conn, id: AgreementId) -> Result<(i16, Vec<SigningParty>)> {
    let number: i16 = agreement_sheets::table
        .filter(agreement_sheets::agreement_id.eq(id))
        .filter(agreement_sheets::needs_signatures)
        .order(agreement_sheets::number.desc())
        .select(agreement_sheets::number)
        .first(conn)?;
    Ok((number, signatures::parties(conn, id, number)?))
}

/// What the holder of a link is asked to sign.
pub(super) fn find_to_sign(conn: &mut Conn, id: AgreementId) -> Result<AgreementToSign> {
    let (row, school, practice, region): Joined = joined!().filter(agreements::id.eq(id)).first(conn)?;
    let (sheet, qualification): (SheetRow, String) = agreement_sheets::table
        .inner_join(qualifications::table.on(qualifications::id.eq(agreement_sheets::qualification_id)))
        .filter(agreement_sheets::agreement_id.eq(id))
        .filter(agreement_sheets::needs_signatures)
        .order(agreement_sheets::number.desc())
        .select((SheetRow::as_select(), qualifications::name))
        .first(conn)?;
    let signed_on = signatures::student_signed_on(conn, id, sheet.number)?;
    let terms = sheet.terms;
    Ok(AgreementToSign {
        agreement_id: row.id,
        sheet_number: sheet.number,
        school: Named::new(row.school_id, school),
        practice: Named::new(row.practice_id, practice),
        region: Named::new(row.region_id, region),
        qualification: Named::new(terms.qualification_id, qualification),
        learning_path: terms.learning_path,
        starts_on: terms.starts_on,
        ends_on: terms.ends_on,
        hours_per_week: terms.hours_per_week,
        total_hours: terms.total_hours,
        signed_on,
    })
}

/// The agreement on a placement that stands now.
fn standing_on(conn: &mut Conn, placement: PlacementId) -> Result<Option<AgreementId>> {
    Ok(agreements::table
        .filter(agreements::placement_id.eq(placement))
        .filter(agreements::ended_on.is_null())
        .select(agreements::id)
        .first(conn)
        .optional()?)
}

/// Whether a placement has an agreement that stands; an agreement has its first sheet from the start.
///
/// # Errors
/// 503 when it cannot be read.
pub fn has_sheet(conn: &mut Conn, placement: PlacementId) -> Result<bool> {
    Ok(standing_on(conn, placement)?.is_some())
}

pub(super) fn insert(conn: &mut Conn, new: &NewAgreement) -> Result<()> {
    diesel::insert_into(agreements::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

pub(super) fn insert_sheet(conn: &mut Conn, new: &NewSheet) -> Result<()> {
    diesel::insert_into(agreement_sheets::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

/// Ends an agreement, and counts the change; a link that stands is revoked.
pub(super) fn end(conn: &mut Conn, id: AgreementId, on: NaiveDate, reason: AgreementEndReason) -> Result<()> {
    diesel::update(agreements::table.find(id))
        .set((
            agreements::ended_on.eq(on),
            agreements::end_reason.eq(reason),
            agreements::version.eq(agreements::version + 1),
        ))
        .prepared()
        .execute(conn)?;
    Ok(())
}

/// Notes that the student is asked to sign now, and counts the change; a link that stands is revoked.
pub(super) fn set_asked(conn: &mut Conn, id: AgreementId) -> Result<()> {
    diesel::update(agreements::table.find(id))
        .set((agreements::student_asked_at.eq(diesel::dsl::now), agreements::version.eq(agreements::version + 1)))
        .prepared()
        .execute(conn)?;
    Ok(())
}

/// Notes that the student has not been asked to sign what there is now, and counts the change.
pub(super) fn forget_asked(conn: &mut Conn, id: AgreementId) -> Result<()> {
    let never: Option<DateTime<Utc>> = None;
    diesel::update(agreements::table.find(id))
        .set((agreements::student_asked_at.eq(never), agreements::version.eq(agreements::version + 1)))
        .prepared()
        .execute(conn)?;
    Ok(())
}

const BREACHES: &[(&str, Breach)] = &[
    ("agreements_placement_id_key", Breach::Conflict(&AGREEMENT_STANDS)),
    ("agreement_sheets_qualification_id_fk", Breach::Fault("/qualificationId", &UNKNOWN_REFERENCE)),
];
