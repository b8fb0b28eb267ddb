//! Memberships in the database. Every client reads them; the bureau of the region writes them,
//! which the row policies decide, not we.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use uuid::Uuid;

use super::model::{HostKind, Membership, MembershipFilter, NewMembership, Standing};
use super::rules::OVERLAPS;
use crate::db::{Breach, Conn, OnConstraint as _, standing_fact};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::fact::View;
use crate::kernel::ids::{MembershipId, OrganisationId, RegionId};
use crate::kernel::named::Named;
use crate::organisations::organisations::OrganisationKind;
use crate::schema::{memberships, organisations, regions};

crate::fact_queries!(memberships);

#[derive(Queryable, Selectable)]
#[diesel(table_name = memberships)]
struct Row {
    id: MembershipId,
    region_id: RegionId,
    organisation_id: OrganisationId,
    host_kind: Option<HostKind>,
    effective_from: NaiveDate,
    effective_to: Option<NaiveDate>,
    version: i32,
    recorded_at: DateTime<Utc>,
    superseded_at: Option<DateTime<Utc>>,
}

/// The row and the names of region and organisation.
type Joined = (Row, String, String);

fn assemble((row, region, organisation): Joined) -> Membership {
    Membership {
        id: row.id,
        region: Named::new(row.region_id, region),
        organisation: Named::new(row.organisation_id, organisation),
        host_kind: row.host_kind,
        effective_from: row.effective_from,
        effective_to: row.effective_to,
        version: row.version,
        recorded_at: row.recorded_at,
        superseded_at: row.superseded_at,
    }
}

/// The select every reading query shares.
macro_rules! joined {
    () => {
        memberships::table.inner_join(regions::table).inner_join(organisations::table).select((
            Row::as_select(),
            regions::name,
            organisations::name,
        ))
    };
}

/// The version that stands now.
pub(super) fn find(conn: &mut Conn, region: RegionId, id: MembershipId) -> Result<Membership> {
    let joined: Joined = joined!()
        .filter(memberships::id.eq(id))
        .filter(memberships::region_id.eq(region))
        .filter(memberships::superseded_at.is_null())
        .first(conn)?;
    Ok(assemble(joined))
}

/// One version, standing or superseded.
pub(super) fn find_version(conn: &mut Conn, row_id: Uuid) -> Result<Membership> {
    let joined: Joined = joined!().filter(memberships::row_id.eq(row_id)).first(conn)?;
    Ok(assemble(joined))
}

pub(super) fn list(
    conn: &mut Conn,
    region: RegionId,
    filter: &MembershipFilter,
    paging: &Paging<MembershipId>,
) -> Result<Vec<Membership>> {
    let mut query = joined!()
        .filter(memberships::region_id.eq(region))
        .filter(seen(filter.view()))
        .order(memberships::id)
        .limit(paging.fetch())
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(memberships::id.gt(after));
    }
    if let Some(organisation) = filter.organisation_id {
        query = query.filter(memberships::organisation_id.eq(organisation));
    }
    if let Some(kind) = filter.host_kind {
        query = query.filter(memberships::host_kind.eq(kind));
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(assemble).collect())
}

/// Whether the organisation is a member of the region on this day, as whatever.
///
/// # Errors
/// 503 when it cannot be read.
pub fn is_member(conn: &mut Conn, organisation: OrganisationId, region: RegionId, day: NaiveDate) -> Result<bool> {
    let found = memberships::table
        .filter(memberships::region_id.eq(region))
        .filter(memberships::organisation_id.eq(organisation))
        .filter(seen(View::on(day)));
    Ok(diesel::select(exists(found)).get_result(conn)?)
}

/// Whether the organisation is a host (member as practice, health centre or out-of-hours post)
/// of the region on this day.
///
/// # Errors
/// 503 when it cannot be read.
pub fn hosts_in(conn: &mut Conn, organisation: OrganisationId, region: RegionId, day: NaiveDate) -> Result<bool> {
    let found = memberships::table
        .filter(memberships::region_id.eq(region))
        .filter(memberships::organisation_id.eq(organisation))
        .filter(memberships::host_kind.is_not_null())
        .filter(seen(View::on(day)));
    Ok(diesel::select(exists(found)).get_result(conn)?)
}

/// The regions in which an organisation is a member as a host on a day.
///
/// # Errors
/// 503 when it cannot be read.
pub fn hosting_regions(conn: &mut Conn, organisation: OrganisationId, day: NaiveDate) -> Result<Vec<RegionId>> {
    Ok(memberships::table
        .filter(memberships::organisation_id.eq(organisation))
        .filter(memberships::host_kind.is_not_null())
        .filter(seen(View::on(day)))
        .select(memberships::region_id)
        .distinct()
        .load(conn)?)
}

/// Which of these organisations are hosts of a region on a day.
///
/// # Errors
/// 503 when it cannot be read.
pub fn hosts_among(
    conn: &mut Conn,
    region: RegionId,
    organisations: &[OrganisationId],
    day: NaiveDate,
) -> Result<Vec<OrganisationId>> {
    if organisations.is_empty() {
        return Ok(Vec::new());
    }
    Ok(memberships::table
        .filter(memberships::region_id.eq(region))
        .filter(memberships::organisation_id.eq_any(organisations))
        .filter(memberships::host_kind.is_not_null())
        .filter(seen(View::on(day)))
        .select(memberships::organisation_id)
        .distinct()
        .load(conn)?)
}

/// Which of these organisations are schools that are members of a region on a day.
///
/// # Errors
/// 503 when it cannot be read.
pub fn schools_among(
    conn: &mut Conn,
    region: RegionId,
    organisations: &[OrganisationId],
    day: NaiveDate,
) -> Result<Vec<OrganisationId>> {
    Ok(memberships::table
        .inner_join(organisations::table)
        .filter(memberships::region_id.eq(region))
        .filter(memberships::organisation_id.eq_any(organisations))
        .filter(organisations::kinds.contains(vec![OrganisationKind::School]))
        .filter(seen(View::on(day)))
        .select(memberships::organisation_id)
        .distinct()
        .load(conn)?)
}

pub(super) fn find_for_update(conn: &mut Conn, region: RegionId, id: MembershipId) -> Result<Standing> {
    standing_fact(
        conn,
        |conn| {
            memberships::table
                .filter(memberships::id.eq(id))
                .filter(memberships::region_id.eq(region))
                .filter(memberships::superseded_at.is_null())
                .select(Standing::as_select())
                .for_no_key_update()
                .first(conn)
        },
        |conn| find(conn, region, id).map(drop),
    )
}

pub(super) fn insert(conn: &mut Conn, new: &NewMembership) -> Result<()> {
    diesel::insert_into(memberships::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

/// Takes the standing version back; when `next` is given it takes its place.
pub(super) fn replace(conn: &mut Conn, row_id: Uuid, next: Option<&NewMembership>) -> Result<()> {
    supersede(conn, row_id)?;
    next.map_or(Ok(()), |next| insert(conn, next))
}

const BREACHES: &[(&str, Breach)] = &[
    ("memberships_region_id_organisation_id_excl", Breach::Conflict(&OVERLAPS)),
    ("memberships_organisation_id_fk", Breach::Fault("/organisationId", &UNKNOWN_REFERENCE)),
];
