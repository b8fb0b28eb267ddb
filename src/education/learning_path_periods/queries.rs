//! Learning path periods in the database. The school reads and writes those of its students,
//! which the row policies decide, not we.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::model::{EndReason, InTime, LearningPathPeriod, LearningPathPeriodFilter, NewPeriod, Standing};
use super::rules::OVERLAPS;
use crate::db::{Breach, Conn, OnConstraint as _, standing_fact};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::field::LearningPath;
use crate::kernel::ids::{LearningPathPeriodId, StudentId};
use crate::schema::learning_path_periods;

crate::fact_queries!(learning_path_periods);

#[derive(Queryable, Selectable)]
#[diesel(table_name = learning_path_periods)]
struct Row {
    id: LearningPathPeriodId,
    student_id: StudentId,
    learning_path: LearningPath,
    accelerated: bool,
    effective_from: NaiveDate,
    effective_to: Option<NaiveDate>,
    end_reason: Option<EndReason>,
    version: i32,
    recorded_at: DateTime<Utc>,
    superseded_at: Option<DateTime<Utc>>,
}

impl From<Row> for LearningPathPeriod {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            student_id: row.student_id,
            learning_path: row.learning_path,
            accelerated: row.accelerated,
            effective_from: row.effective_from,
            effective_to: row.effective_to,
            end_reason: row.end_reason,
            version: row.version,
            recorded_at: row.recorded_at,
            superseded_at: row.superseded_at,
        }
    }
}

/// The version that stands now.
pub(super) fn find(conn: &mut Conn, student: StudentId, id: LearningPathPeriodId) -> Result<LearningPathPeriod> {
    let row: Row = learning_path_periods::table
        .filter(learning_path_periods::id.eq(id))
        .filter(learning_path_periods::student_id.eq(student))
        .filter(learning_path_periods::superseded_at.is_null())
        .select(Row::as_select())
        .first(conn)?;
    Ok(row.into())
}

/// One version, standing or superseded.
pub(super) fn find_version(conn: &mut Conn, row_id: Uuid) -> Result<LearningPathPeriod> {
    let row: Row = learning_path_periods::table.find(row_id).select(Row::as_select()).first(conn)?;
    Ok(row.into())
}

pub(super) fn list(
    conn: &mut Conn,
    student: StudentId,
    filter: &LearningPathPeriodFilter,
    paging: &Paging<InTime>,
) -> Result<Vec<LearningPathPeriod>> {
    let mut query = learning_path_periods::table
        .filter(learning_path_periods::student_id.eq(student))
        .filter(seen(filter.view()))
        .order((learning_path_periods::effective_from, learning_path_periods::id))
        .limit(paging.fetch())
        .select(Row::as_select())
        .into_boxed();
    if let Some((from, id)) = paging.after {
        query = query.filter(
            learning_path_periods::effective_from
                .gt(from)
                .or(learning_path_periods::effective_from.eq(from).and(learning_path_periods::id.gt(id))),
        );
    }
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The periods of these students that are open; each has one at most.
pub(super) fn open_of(conn: &mut Conn, students: &[StudentId]) -> Result<Vec<Standing>> {
    Ok(learning_path_periods::table
        .filter(learning_path_periods::student_id.eq_any(students))
        .filter(learning_path_periods::superseded_at.is_null())
        .filter(learning_path_periods::effective_to.is_null())
        .select(Standing::as_select())
        .load(conn)?)
}

pub(super) fn find_for_update(conn: &mut Conn, student: StudentId, id: LearningPathPeriodId) -> Result<Standing> {
    standing_fact(
        conn,
        |conn| {
            learning_path_periods::table
                .filter(learning_path_periods::id.eq(id))
                .filter(learning_path_periods::student_id.eq(student))
                .filter(learning_path_periods::superseded_at.is_null())
                .select(Standing::as_select())
                .for_no_key_update()
                .first(conn)
        },
        |conn| find(conn, student, id).map(drop),
    )
}

pub(super) fn insert(conn: &mut Conn, new: &NewPeriod) -> Result<()> {
    diesel::insert_into(learning_path_periods::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

/// Takes the standing version back; when `next` is given it takes its place.
pub(super) fn replace(conn: &mut Conn, row_id: Uuid, next: Option<&NewPeriod>) -> Result<()> {
    supersede(conn, row_id)?;
    next.map_or(Ok(()), |next| insert(conn, next))
}

const BREACHES: &[(&str, Breach)] = &[("learning_path_periods_student_id_excl", Breach::Conflict(&OVERLAPS))];
