//! Attendance in the database. Which of it a caller sees or writes is decided by the row policies,
//! not here.

use chrono::NaiveDate;
use diesel::dsl::sum;
use diesel::prelude::*;

use super::model::{
    AttendanceRecord, AttendanceRecordFilter, AttendanceTotals, Attended, NewAttendanceRecord, Standing,
};
use super::rules::OVERLAPS;
use crate::db::{Breach, Conn, OnConstraint as _, SecondLook as _};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::ids::{AttendanceRecordId, PlacementId};
use crate::schema::{attendance_records, placements};

pub(super) fn find(conn: &mut Conn, placement: PlacementId, id: AttendanceRecordId) -> Result<AttendanceRecord> {
    Ok(attendance_records::table
        .find(id)
        .filter(attendance_records::placement_id.eq(placement))
        .select(AttendanceRecord::as_select())
        .first(conn)?)
}

pub(super) fn list(
    conn: &mut Conn,
    placement: PlacementId,
    filter: &AttendanceRecordFilter,
    paging: &Paging<AttendanceRecordId>,
) -> Result<Vec<AttendanceRecord>> {
    let mut query = attendance_records::table
        .filter(attendance_records::placement_id.eq(placement))
        .select(AttendanceRecord::as_select())
        .order(attendance_records::id)
        .limit(paging.fetch())
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(attendance_records::id.gt(after));
    }
    if let Some(day) = filter.period_from {
        query = query.filter(attendance_records::ends_on.ge(day));
    }
    if let Some(day) = filter.period_until {
        query = query.filter(attendance_records::starts_on.le(day));
    }
    Ok(query.load(conn)?)
}

/// What the intern was there so far, and what was agreed.
pub(super) fn totals(conn: &mut Conn, placement: PlacementId) -> Result<AttendanceTotals> {
    type Sums = (Option<i64>, Option<i64>, Option<i64>);
    let (planned, present, made_up): Sums = attendance_records::table
        .filter(attendance_records::placement_id.eq(placement))
        .select((
            sum(attendance_records::planned_minutes),
            sum(attendance_records::present_minutes),
            sum(attendance_records::made_up_minutes),
        ))
        .first(conn)?;
    let total_hours = placements::table.find(placement).select(placements::total_hours).first(conn)?;
    let (present_minutes, made_up_minutes) = (present.unwrap_or(0), made_up.unwrap_or(0));
    Ok(AttendanceTotals {
        planned_minutes: planned.unwrap_or(0),
        present_minutes,
        made_up_minutes,
        hours_so_far: (present_minutes + made_up_minutes) / 60,
        total_hours,
    })
}

/// The first day of a placement that the caller can see.
pub(super) fn first_day(conn: &mut Conn, placement: PlacementId) -> Result<NaiveDate> {
    Ok(placements::table.find(placement).select(placements::starts_on).first(conn)?)
}

pub(super) fn find_for_update(conn: &mut Conn, placement: PlacementId, id: AttendanceRecordId) -> Result<Standing> {
    attendance_records::table
        .find(id)
        .filter(attendance_records::placement_id.eq(placement))
        .select(Standing::as_select())
        .for_no_key_update()
        .first(conn)
        .or_second_look_at(conn, |conn| find(conn, placement, id))
}

pub(super) fn insert(conn: &mut Conn, new: &NewAttendanceRecord) -> Result<()> {
    diesel::insert_into(attendance_records::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

/// Sets what a record says, and counts the change.
pub(super) fn update(conn: &mut Conn, id: AttendanceRecordId, attended: &Attended) -> Result<()> {
    diesel::update(attendance_records::table.find(id))
        .set((attended, attendance_records::version.eq(attendance_records::version + 1)))
        .execute(conn)
        .on_constraint(BREACHES)?;
    Ok(())
}

const BREACHES: &[(&str, Breach)] = &[("attendance_records_placement_id_excl", Breach::Conflict(&OVERLAPS))];
