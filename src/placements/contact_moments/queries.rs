//! Contact moments in the database: append-only. Which of them a caller sees or writes is decided by
//! the row policies, not here.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::model::{ContactKind, ContactMoment, ContactMomentFilter, ContactParticipant, Version};
use crate::db::{Conn, standing_fact};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::ids::{ContactMomentId, OrganisationId, PlacementId};
use crate::kernel::named::Named;
use crate::schema::{contact_moments, organisations};

#[derive(Queryable, Selectable)]
#[diesel(table_name = contact_moments)]
struct Row {
    id: ContactMomentId,
    placement_id: PlacementId,
    kind: ContactKind,
    held_on: NaiveDate,
    on_site: bool,
    participants: Vec<ContactParticipant>,
    note: Option<String>,
    recorded_by: OrganisationId,
    version: i32,
    recorded_at: DateTime<Utc>,
    superseded_at: Option<DateTime<Utc>>,
}

fn assemble((row, recorded_by): (Row, String)) -> ContactMoment {
    ContactMoment {
        id: row.id,
        placement_id: row.placement_id,
        kind: row.kind,
        held_on: row.held_on,
        on_site: row.on_site,
        participants: row.participants,
        note: row.note,
        recorded_by: Named::new(row.recorded_by, recorded_by),
        version: row.version,
        recorded_at: row.recorded_at,
        superseded_at: row.superseded_at,
    }
}

/// The select every reading query shares.
macro_rules! joined {
    () => {
        contact_moments::table
            .inner_join(organisations::table.on(organisations::id.eq(contact_moments::recorded_by)))
            .select((Row::as_select(), organisations::name))
    };
}

/// The standing version.
pub(super) fn find(conn: &mut Conn, placement: PlacementId, id: ContactMomentId) -> Result<ContactMoment> {
    let standing = joined!()
        .filter(contact_moments::placement_id.eq(placement))
        .filter(contact_moments::id.eq(id))
        .filter(contact_moments::superseded_at.is_null());
    Ok(assemble(standing.first(conn)?))
}

/// One version, whether it stands or not.
pub(super) fn find_version(conn: &mut Conn, row_id: Uuid) -> Result<ContactMoment> {
    Ok(assemble(joined!().filter(contact_moments::row_id.eq(row_id)).first(conn)?))
}

pub(super) fn list(
    conn: &mut Conn,
    placement: PlacementId,
    filter: &ContactMomentFilter,
    paging: &Paging<ContactMomentId>,
) -> Result<Vec<ContactMoment>> {
    let of_placement = joined!().filter(contact_moments::placement_id.eq(placement));
    let mut query = of_placement.order(contact_moments::id).limit(paging.fetch()).into_boxed();
    query = match filter.known_at {
        Some(moment) => {
            let standing = contact_moments::superseded_at.is_null();
            query
                .filter(contact_moments::recorded_at.le(moment))
                .filter(standing.or(contact_moments::superseded_at.assume_not_null().gt(moment)))
        }
        None => query.filter(contact_moments::superseded_at.is_null()),
    };
    if let Some(after) = paging.after {
        query = query.filter(contact_moments::id.gt(after));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(contact_moments::kind.eq(kind));
    }
    Ok(query.load(conn)?.into_iter().map(assemble).collect())
}

pub(super) fn find_for_update(conn: &mut Conn, placement: PlacementId, id: ContactMomentId) -> Result<Version> {
    standing_fact(
        conn,
        |conn| {
            contact_moments::table
                .filter(contact_moments::placement_id.eq(placement))
                .filter(contact_moments::id.eq(id))
                .filter(contact_moments::superseded_at.is_null())
                .select(Version::as_select())
                .for_no_key_update()
                .first(conn)
        },
        |conn| find(conn, placement, id).map(drop),
    )
}

pub(super) fn insert(conn: &mut Conn, version: &Version) -> Result<()> {
    diesel::insert_into(contact_moments::table).values(version).execute(conn)?;
    Ok(())
}

/// Takes a standing version back.
pub(super) fn supersede(conn: &mut Conn, row_id: Uuid) -> Result<()> {
    diesel::update(contact_moments::table.find(row_id))
        .set(contact_moments::superseded_at.eq(diesel::dsl::now))
        .execute(conn)?;
    Ok(())
}

/// Puts the next version in the place of the standing one.
pub(super) fn replace(conn: &mut Conn, standing: &Version, next: &Version) -> Result<()> {
    supersede(conn, standing.row_id)?;
    insert(conn, next)
}

/// How many three-way talks about a placement are on record, and how many of them were at the host.
/// At least three belong to a placement, one of them at the host.
///
/// # Errors
/// 503 when the database cannot answer.
pub fn talks_held(conn: &mut Conn, placement: PlacementId) -> Result<(i64, i64)> {
    let of_placement = contact_moments::table
        .filter(contact_moments::placement_id.eq(placement))
        .filter(contact_moments::superseded_at.is_null())
        .filter(contact_moments::kind.eq(ContactKind::ThreeWay));
    let all = of_placement.count().get_result(conn)?;
    let on_site = of_placement.filter(contact_moments::on_site).count().get_result(conn)?;
    Ok((all, on_site))
}
