//! Mandates in the database. Which of them a caller sees or moves is decided by the row
//! policies, not here.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::define_sql_function;
use diesel::dsl::not;
use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;

use super::model::{
    EvidenceKind, MANDATE_LIFECYCLE, Mandate, MandateEvidence, MandateFilter, MandateOrigin, MandateScope,
    MandateStatus, NewMandate, Standing,
};
use super::rules::{MANDATE_MISSING, TO_ITSELF};
use crate::auth::Actor;
use crate::db::{Breach, Conn, OnConstraint as _, SecondLook as _};
use crate::error::{Error, Result};
use crate::http::page::Paging;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::formats::Sha256;
use crate::kernel::ids::{MandateId, OrganisationId, RegionId};
use crate::kernel::named::Named;
use crate::kernel::text::Line;
use crate::kernel::today::Today;
use crate::lifecycle::Taken;
use crate::schema::{mandates, organisations, regions};

define_sql_function! {
    /// The business day.
    fn app_today() -> Date;
}
define_sql_function! {
    /// Whether the caller is one of the mandate's two parties.
    fn moves_mandate(practice_id: SqlUuid, bureau_organisation_id: SqlUuid) -> Bool;
}

diesel::alias!(organisations as practices: PracticesAlias, organisations as bureaus: BureausAlias);

#[derive(Queryable, Selectable)]
#[diesel(table_name = mandates)]
struct Row {
    id: MandateId,
    practice_id: OrganisationId,
    region_id: RegionId,
    bureau_organisation_id: OrganisationId,
    scopes: Vec<MandateScope>,
    #[diesel(embed)]
    standing: Standing,
    origin: MandateOrigin,
    evidence_kind: Option<EvidenceKind>,
    evidence_reference: Option<Line<200>>,
    evidence_sha256: Option<Sha256>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The row, the names of practice, region and bureau, whether the caller may move it, and today.
type Joined = (Row, String, String, String, bool, NaiveDate);

fn assemble(actor: &Actor, (row, practice, region, bureau, movable, today): Joined) -> Mandate {
    let (standing, today) = (row.standing, Today(today));
    Mandate {
        id: row.id,
        practice: Named::new(row.practice_id, practice),
        region: Named::new(row.region_id, region),
        bureau_organisation: Named::new(row.bureau_organisation_id, bureau),
        scopes: row.scopes,
        status: standing.status,
        allowed_transitions: if movable { MANDATE_LIFECYCLE.allowed(actor, standing.status) } else { Vec::new() },
        valid_from: standing.valid_from,
        valid_until: standing.valid_until,
        in_force: standing.holds_on(today),
        expired: standing.has_expired(today),
        origin: row.origin,
        evidence: row.evidence_kind.zip(row.evidence_reference).map(|(kind, reference)| MandateEvidence {
            kind,
            reference,
            sha256: row.evidence_sha256,
        }),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// The select every reading query shares.
macro_rules! joined {
    () => {
        mandates::table
            .inner_join(practices.on(practices.field(organisations::id).eq(mandates::practice_id)))
            .inner_join(regions::table.on(regions::id.eq(mandates::region_id)))
            .inner_join(bureaus.on(bureaus.field(organisations::id).eq(mandates::bureau_organisation_id)))
            .select((
                Row::as_select(),
                practices.field(organisations::name),
                regions::name,
                bureaus.field(organisations::name),
                moves_mandate(mandates::practice_id, mandates::bureau_organisation_id),
                app_today(),
            ))
    };
}

/// The condition under which a bureau may act today.
macro_rules! holds_today {
    () => {
        mandates::status
            .eq(MandateStatus::Granted)
            .and(mandates::valid_from.le(app_today()))
            .and(mandates::valid_until.is_null().or(mandates::valid_until.assume_not_null().ge(app_today())))
    };
}

pub(super) fn find(conn: &mut Conn, actor: &Actor, id: MandateId) -> Result<Mandate> {
    let joined: Joined = joined!().filter(mandates::id.eq(id)).first(conn)?;
    Ok(assemble(actor, joined))
}

pub(super) fn list(
    conn: &mut Conn,
    actor: &Actor,
    filter: &MandateFilter,
    paging: &Paging<MandateId>,
) -> Result<Vec<Mandate>> {
    let mut query = joined!().order(mandates::id).limit(paging.fetch()).into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(mandates::id.gt(after));
    }
    if let Some(practice) = filter.practice_id {
        query = query.filter(mandates::practice_id.eq(practice));
    }
    if let Some(region) = filter.region_id {
        query = query.filter(mandates::region_id.eq(region));
    }
    if let Some(status) = filter.status {
        query = query.filter(mandates::status.eq(status));
    }
    if let Some(scope) = filter.scope {
        query = query.filter(mandates::scopes.contains(vec![scope]));
    }
    match filter.in_force {
        Some(true) => query = query.filter(holds_today!()),
        Some(false) => query = query.filter(not(holds_today!())),
        None => {}
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(|joined| assemble(actor, joined)).collect())
}

/// The mandate under which the caller, as bureau, may do `scope` for a practice in a region today; what
/// belongs to no region is done under the mandate for any.
///
/// # Errors
/// 403 `mandate-missing`.
pub fn in_force(
    conn: &mut Conn,
    actor: &Actor,
    practice: OrganisationId,
    region: Option<RegionId>,
    scope: MandateScope,
) -> Result<MandateId> {
    let bureau = actor.organisation.ok_or(Error::Forbidden(&MANDATE_MISSING))?;
    let mut query = mandates::table
        .inner_join(regions::table.on(regions::id.eq(mandates::region_id)))
        .filter(mandates::practice_id.eq(practice))
        .filter(mandates::bureau_organisation_id.eq(bureau))
        // A former bureau of the region keeps no mandate.
        .filter(regions::bureau_organisation_id.eq(bureau))
        .filter(mandates::scopes.contains(vec![scope]))
        .filter(holds_today!())
        .order((mandates::valid_from.desc(), mandates::id.desc()))
        .select(mandates::id)
        .into_boxed();
    if let Some(region) = region {
        query = query.filter(mandates::region_id.eq(region));
    }
    query.first(conn).optional()?.ok_or(Error::Forbidden(&MANDATE_MISSING))
}

/// Whose step it is when the caller acts for a practice: its own (none to name), or that of the
/// practice under the mandate that allows it in the region of the object, if it has one. For histories and
/// the trail.
///
/// # Errors
/// 403 `mandate-missing`.
pub fn acting_for(
    conn: &mut Conn,
    actor: &Actor,
    practice: OrganisationId,
    region: Option<RegionId>,
    scope: MandateScope,
) -> Result<Taken> {
    if actor.organisation == Some(practice) {
        return Ok(None);
    }
    in_force(conn, actor, practice, region, scope).map(|mandate| Some((practice, mandate)))
}

pub(super) fn find_for_update(conn: &mut Conn, id: MandateId) -> Result<Standing> {
    mandates::table
        .find(id)
        .select(Standing::as_select())
        .for_no_key_update()
        .first(conn)
        .or_second_look(conn, "mandates", id)
}

pub(super) fn insert(conn: &mut Conn, new: &NewMandate) -> Result<()> {
    diesel::insert_into(mandates::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

pub(super) fn begin_on(conn: &mut Conn, id: MandateId, valid_from: NaiveDate) -> Result<()> {
    diesel::update(mandates::table.find(id)).set(mandates::valid_from.eq(valid_from)).execute(conn)?;
    Ok(())
}

const BREACHES: &[(&str, Breach)] = &[
    ("mandates_practice_id_fk", Breach::Fault("/practiceId", &UNKNOWN_REFERENCE)),
    ("mandates_region_id_fk", Breach::Fault("/regionId", &UNKNOWN_REFERENCE)),
    ("mandates_practice_id_bureau_organisation_id_check", Breach::Fault("/practiceId", &TO_ITSELF)),
];
