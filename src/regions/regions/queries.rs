//! Regions in the database. Every client reads them; who changes which is decided by the row
//! policies, not here.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::model::{NewRegion, Region, RegionChanges, RegionFilter};
use super::rules::CODE_TAKEN;
use crate::db::{Breach, Conn, OnConstraint as _, SecondLook as _};
use crate::error::{Error, Result};
use crate::http::page::Paging;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::ids::{OrganisationId, RegionId};
use crate::kernel::named::Named;
use crate::schema::{organisations, regions};

#[derive(Queryable, Selectable)]
#[diesel(table_name = regions)]
struct Row {
    id: RegionId,
    code: String,
    name: String,
    bureau_organisation_id: OrganisationId,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The row and the name of its bureau.
type Joined = (Row, String);

fn assemble((row, bureau): Joined) -> Region {
    Region {
        id: row.id,
        code: row.code,
        name: row.name,
        bureau_organisation: Named::new(row.bureau_organisation_id, bureau),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// The select every reading query shares.
macro_rules! joined {
    () => {
        regions::table
            .inner_join(organisations::table.on(organisations::id.eq(regions::bureau_organisation_id)))
            .select((Row::as_select(), organisations::name))
    };
}

pub(super) fn find(conn: &mut Conn, id: RegionId) -> Result<Region> {
    let joined: Joined = joined!().filter(regions::id.eq(id)).first(conn)?;
    Ok(assemble(joined))
}

/// Refuses the path of a region that is not there.
///
/// # Errors
/// 404.
pub fn must_exist(conn: &mut Conn, id: RegionId) -> Result<()> {
    let there: bool = diesel::select(diesel::dsl::exists(regions::table.find(id))).get_result(conn)?;
    if there { Ok(()) } else { Err(Error::NotFound) }
}

/// The organisation that is the bureau of a region.
///
/// # Errors
/// 404.
pub fn bureau_of(conn: &mut Conn, id: RegionId) -> Result<OrganisationId> {
    Ok(regions::table.find(id).select(regions::bureau_organisation_id).first(conn)?)
}

pub(super) fn list(conn: &mut Conn, filter: RegionFilter, paging: &Paging<RegionId>) -> Result<Vec<Region>> {
    let mut query = joined!().order(regions::id).limit(paging.fetch()).into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(regions::id.gt(after));
    }
    if let Some(code) = filter.code {
        query = query.filter(regions::code.eq(code));
    }
    if let Some(bureau) = filter.bureau_organisation_id {
        query = query.filter(regions::bureau_organisation_id.eq(bureau));
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(assemble).collect())
}

/// The version of the region, whose row stays locked.
pub(super) fn find_for_update(conn: &mut Conn, id: RegionId) -> Result<i32> {
    regions::table.find(id).select(regions::version).for_no_key_update().first(conn).or_second_look(conn, "regions", id)
}

pub(super) fn insert(conn: &mut Conn, new: &NewRegion) -> Result<()> {
    diesel::insert_into(regions::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

pub(super) fn update(conn: &mut Conn, id: RegionId, changes: &RegionChanges) -> Result<()> {
    diesel::update(regions::table.find(id)).set(changes).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

const BREACHES: &[(&str, Breach)] = &[
    ("regions_code_key", Breach::Conflict(&CODE_TAKEN)),
    ("regions_bureau_organisation_id_fk", Breach::Fault("/bureauOrganisationId", &UNKNOWN_REFERENCE)),
];
