//! Class mappings in the database; only their school sees them, as the row policies have it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::model::{NewRosterClassMapping, RosterClassMapping, RosterClassMappingFilter};
use super::rules::ALREADY_MAPPED;
use crate::db::{Breach, Conn, OnConstraint as _, SecondLook as _};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::formats::SourcedId;
use crate::kernel::ids::{OrganisationId, ProgrammeId, RosterClassMappingId};
use crate::kernel::named::Named;
use crate::schema::{organisations, programmes, roster_class_mappings};

#[derive(Queryable, Selectable)]
#[diesel(table_name = roster_class_mappings)]
struct Row {
    id: RosterClassMappingId,
    school_id: OrganisationId,
    class_sourced_id: SourcedId,
    programme_id: ProgrammeId,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The row and the names of its school and programme.
type Joined = (Row, String, String);

fn assemble((row, school, programme): Joined) -> RosterClassMapping {
    RosterClassMapping {
        id: row.id,
        school: Named::new(row.school_id, school),
        class_sourced_id: row.class_sourced_id,
        programme: Named::new(row.programme_id, programme),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// The select every reading query shares.
macro_rules! joined {
    () => {
        roster_class_mappings::table
            .inner_join(organisations::table.on(organisations::id.eq(roster_class_mappings::school_id)))
            .inner_join(programmes::table.on(programmes::id.eq(roster_class_mappings::programme_id)))
            .select((Row::as_select(), organisations::name, programmes::name))
    };
}

pub(super) fn find(conn: &mut Conn, id: RosterClassMappingId) -> Result<RosterClassMapping> {
    let joined: Joined = joined!().filter(roster_class_mappings::id.eq(id)).first(conn)?;
    Ok(assemble(joined))
}

pub(super) fn list(
    conn: &mut Conn,
    filter: &RosterClassMappingFilter,
    paging: &Paging<RosterClassMappingId>,
) -> Result<Vec<RosterClassMapping>> {
    let mut query = joined!().order(roster_class_mappings::id).limit(paging.fetch()).into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(roster_class_mappings::id.gt(after));
    }
    if let Some(programme) = filter.programme_id {
        query = query.filter(roster_class_mappings::programme_id.eq(programme));
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(assemble).collect())
}

/// The version that stands, locked for the rest of the transaction.
pub(super) fn find_for_update(conn: &mut Conn, id: RosterClassMappingId) -> Result<i32> {
    roster_class_mappings::table
        .find(id)
        .select(roster_class_mappings::version)
        .for_update()
        .first(conn)
        .or_second_look(conn, "roster_class_mappings", id)
}

pub(super) fn insert(conn: &mut Conn, new: &NewRosterClassMapping) -> Result<()> {
    diesel::insert_into(roster_class_mappings::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

pub(super) fn update(
    conn: &mut Conn,
    id: RosterClassMappingId,
    programme: Option<ProgrammeId>,
    version: i32,
) -> Result<()> {
    diesel::update(roster_class_mappings::table.find(id))
        .set((
            programme.map(|programme| roster_class_mappings::programme_id.eq(programme)),
            roster_class_mappings::version.eq(version + 1),
        ))
        .execute(conn)
        .on_constraint(BREACHES)?;
    Ok(())
}

pub(super) fn delete(conn: &mut Conn, id: RosterClassMappingId) -> Result<()> {
    diesel::delete(roster_class_mappings::table.find(id)).execute(conn)?;
    Ok(())
}

/// The school's classes, each with the code of its programme.
///
/// # Errors
/// 503 when the database cannot answer.
pub fn programmes_of_classes(conn: &mut Conn, school: OrganisationId) -> Result<Vec<(String, String)>> {
    Ok(roster_class_mappings::table
        .inner_join(programmes::table.on(programmes::id.eq(roster_class_mappings::programme_id)))
        .filter(roster_class_mappings::school_id.eq(school))
        .select((roster_class_mappings::class_sourced_id, programmes::code))
        .load(conn)?)
}

const BREACHES: &[(&str, Breach)] = &[
    ("roster_class_mappings_school_id_class_sourced_id_key", Breach::Conflict(&ALREADY_MAPPED)),
    ("roster_class_mappings_programme_id_fk", Breach::Fault("/programmeId", &UNKNOWN_REFERENCE)),
];
