//! Workforce needs in the database. Every client reads them; the bureau of the region writes them,
//! which the row policies decide, not we.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::model::{NewWorkforceNeed, Standing, WorkforceNeed, WorkforceNeedFilter};
use super::rules::OVERLAPS;
use crate::db::{Breach, Conn, OnConstraint as _, standing_fact};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::field::Profession;
use crate::kernel::ids::{RegionId, WorkforceNeedId};
use crate::kernel::named::Named;
use crate::schema::{regions, workforce_needs};

crate::fact_queries!(workforce_needs);

#[derive(Queryable, Selectable)]
#[diesel(table_name = workforce_needs)]
struct Row {
    id: WorkforceNeedId,
    region_id: RegionId,
    profession: Profession,
    year: i16,
    needed: i32,
    expected_outflow: Option<i32>,
    source: Option<String>,
    effective_from: NaiveDate,
    effective_to: Option<NaiveDate>,
    version: i32,
    recorded_at: DateTime<Utc>,
    superseded_at: Option<DateTime<Utc>>,
}

/// The row and the name of its region.
type Joined = (Row, String);

fn assemble((row, region): Joined) -> WorkforceNeed {
    WorkforceNeed {
        id: row.id,
        region: Named::new(row.region_id, region),
        profession: row.profession,
        year: row.year,
        needed: row.needed,
        expected_outflow: row.expected_outflow,
        source: row.source,
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
        workforce_needs::table.inner_join(regions::table).select((Row::as_select(), regions::name))
    };
}

/// The version that stands now.
pub(super) fn find(conn: &mut Conn, region: RegionId, id: WorkforceNeedId) -> Result<WorkforceNeed> {
    let joined: Joined = joined!()
        .filter(workforce_needs::id.eq(id))
        .filter(workforce_needs::region_id.eq(region))
        .filter(workforce_needs::superseded_at.is_null())
        .first(conn)?;
    Ok(assemble(joined))
}

/// One version, standing or superseded.
pub(super) fn find_version(conn: &mut Conn, row_id: Uuid) -> Result<WorkforceNeed> {
    let joined: Joined = joined!().filter(workforce_needs::row_id.eq(row_id)).first(conn)?;
    Ok(assemble(joined))
}

pub(super) fn list(
    conn: &mut Conn,
    region: RegionId,
    filter: &WorkforceNeedFilter,
    paging: &Paging<WorkforceNeedId>,
) -> Result<Vec<WorkforceNeed>> {
    let mut query = joined!()
        .filter(workforce_needs::region_id.eq(region))
        .filter(seen(filter.view()))
        .order(workforce_needs::id)
        .limit(paging.fetch())
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(workforce_needs::id.gt(after));
    }
    if let Some(profession) = filter.profession {
        query = query.filter(workforce_needs::profession.eq(profession));
    }
    if let Some(year) = filter.year {
        query = query.filter(workforce_needs::year.eq(year));
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(assemble).collect())
}

pub(super) fn find_for_update(conn: &mut Conn, region: RegionId, id: WorkforceNeedId) -> Result<Standing> {
    standing_fact(
        conn,
        |conn| {
            workforce_needs::table
                .filter(workforce_needs::id.eq(id))
                .filter(workforce_needs::region_id.eq(region))
                .filter(workforce_needs::superseded_at.is_null())
                .select(Standing::as_select())
                .for_no_key_update()
                .first(conn)
        },
        |conn| find(conn, region, id).map(drop),
    )
}

pub(super) fn insert(conn: &mut Conn, new: &NewWorkforceNeed) -> Result<()> {
    diesel::insert_into(workforce_needs::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

/// Takes the standing version back; when `next` is given it takes its place.
pub(super) fn replace(conn: &mut Conn, row_id: Uuid, next: Option<&NewWorkforceNeed>) -> Result<()> {
    supersede(conn, row_id)?;
    next.map_or(Ok(()), |next| insert(conn, next))
}

const BREACHES: &[(&str, Breach)] = &[("workforce_needs_region_id_profession_year_excl", Breach::Conflict(&OVERLAPS))];
