//! Counts in the database. Who sees the cohort reads them, its school writes them: the row policies
//! decide, not we.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::model::{CohortCount, CohortCountFilter, NewCohortCount, Standing};
use super::rules::COUNTED_ALREADY;
use crate::db::{Breach, Conn, OnConstraint as _, standing_fact};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::fact::View;
use crate::kernel::ids::{CohortCountId, CohortId};
use crate::schema::cohort_counts;

crate::fact_queries!(cohort_counts);

#[derive(Queryable, Selectable)]
#[diesel(table_name = cohort_counts)]
struct Row {
    id: CohortCountId,
    cohort_id: CohortId,
    effective_from: NaiveDate,
    applicants: i32,
    applicants_waiting: i32,
    enrolled: i32,
    version: i32,
    recorded_at: DateTime<Utc>,
    superseded_at: Option<DateTime<Utc>>,
}

impl From<Row> for CohortCount {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            cohort_id: row.cohort_id,
            counted_on: row.effective_from,
            applicants: row.applicants,
            applicants_waiting: row.applicants_waiting,
            enrolled: row.enrolled,
            version: row.version,
            recorded_at: row.recorded_at,
            superseded_at: row.superseded_at,
        }
    }
}

/// The version that stands now.
pub(super) fn find(conn: &mut Conn, cohort: CohortId, id: CohortCountId) -> Result<CohortCount> {
    let row: Row = cohort_counts::table
        .filter(cohort_counts::id.eq(id))
        .filter(cohort_counts::cohort_id.eq(cohort))
        .filter(cohort_counts::superseded_at.is_null())
        .select(Row::as_select())
        .first(conn)?;
    Ok(row.into())
}

/// One version, standing or superseded.
pub(super) fn find_version(conn: &mut Conn, row_id: Uuid) -> Result<CohortCount> {
    let row: Row = cohort_counts::table.find(row_id).select(Row::as_select()).first(conn)?;
    Ok(row.into())
}

pub(super) fn list(
    conn: &mut Conn,
    cohort: CohortId,
    filter: &CohortCountFilter,
    paging: &Paging<CohortCountId>,
) -> Result<Vec<CohortCount>> {
    let as_of = filter.as_of.map(NaiveDate::from);
    let mut query = cohort_counts::table
        .filter(cohort_counts::cohort_id.eq(cohort))
        .filter(seen(View { as_of, known_at: filter.known_at }))
        .select(Row::as_select())
        .order(cohort_counts::id)
        .limit(paging.fetch())
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(cohort_counts::id.gt(after));
    }
    // Each of the counts up to that day still holds by its own row; the last one is meant.
    if as_of.is_some() {
        query = query.order(cohort_counts::effective_from.desc()).limit(1);
    }
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows.into_iter().map(CohortCount::from).collect())
}

pub(super) fn find_for_update(conn: &mut Conn, cohort: CohortId, id: CohortCountId) -> Result<Standing> {
    standing_fact(
        conn,
        |conn| {
            cohort_counts::table
                .filter(cohort_counts::id.eq(id))
                .filter(cohort_counts::cohort_id.eq(cohort))
                .filter(cohort_counts::superseded_at.is_null())
                .select(Standing::as_select())
                .for_no_key_update()
                .first(conn)
        },
        |conn| find(conn, cohort, id).map(drop),
    )
}

pub(super) fn insert(conn: &mut Conn, new: &NewCohortCount) -> Result<()> {
    diesel::insert_into(cohort_counts::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

/// Takes the standing version back; when `next` is given it takes its place.
pub(super) fn replace(conn: &mut Conn, row_id: Uuid, next: Option<&NewCohortCount>) -> Result<()> {
    supersede(conn, row_id)?;
    next.map_or(Ok(()), |next| insert(conn, next))
}

const BREACHES: &[(&str, Breach)] =
    &[("cohort_counts_cohort_id_effective_from_key", Breach::Conflict(&COUNTED_ALREADY))];
