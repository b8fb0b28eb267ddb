//! Contact moments in the database: append-only. Which of them a caller sees or writes is decided by
//! the row policies, not here.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::model::{ContactKind, ContactMoment, ContactMomentFilter, ContactParticipant, Version};
use crate::db::Conn;
use crate::error::Result;
use crate::kernel::ids::{ContactMomentId, OrganisationId, PlacementId};
use crate::kernel::named::Named;
use crate::schema::contact_moments;

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

crate::record_queries! {
    contact_moments of ContactMomentId, Version => ContactMoment,
    by ContactMomentFilter [kind],
    refused by &[]
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
