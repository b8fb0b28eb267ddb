//! Beginning, switching and mending the learning path of a student that the caller has locked.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::model::{EndReason, NewPeriod, Standing};
use super::queries;
use crate::db::Conn;
use crate::error::Result;
use crate::kernel::fact::Period;
use crate::kernel::field::LearningPath;
use crate::kernel::ids::{LearningPathPeriodId, OrganisationId, StudentId};

/// The period of each of these students that is open.
///
/// # Errors
/// 503 when the database cannot answer.
pub fn open_of(conn: &mut Conn, students: &[StudentId]) -> Result<HashMap<StudentId, Standing>> {
    Ok(queries::open_of(conn, students)?.into_iter().map(|open| (open.student_id, open)).collect())
}

/// Records that a student follows a learning path from a day on; returns the row.
///
/// # Errors
/// 409 `period-overlap`.
pub fn begin(
    conn: &mut Conn,
    school: OrganisationId,
    student: StudentId,
    (path, accelerated): (LearningPath, bool),
    from: NaiveDate,
) -> Result<Uuid> {
    record(conn, school, student, (path, accelerated), Period { from, to: None }, None)
}

/// Records a period as it is told.
pub(super) fn record(
    conn: &mut Conn,
    school: OrganisationId,
    student: StudentId,
    (learning_path, accelerated): (LearningPath, bool),
    period: Period,
    end_reason: Option<EndReason>,
) -> Result<Uuid> {
    let new = NewPeriod {
        row_id: Uuid::now_v7(),
        id: LearningPathPeriodId::new(),
        version: 1,
        student_id: student,
        school_id: school,
        learning_path,
        accelerated,
        end_reason,
        effective_from: period.from,
        effective_to: period.to,
    };
    queries::insert(conn, &new)?;
    Ok(new.row_id)
}

/// Ends the open period on a day, as switched, and begins another on the same day; returns the
/// new row.
///
/// # Errors
/// 409 `period-overlap`.
pub fn switch(
    conn: &mut Conn,
    open: &Standing,
    (path, accelerated): (LearningPath, bool),
    on: NaiveDate,
) -> Result<Uuid> {
    let ended = NewPeriod { effective_to: Some(on), end_reason: Some(EndReason::Switched), ..open.next() };
    queries::replace(conn, open.row_id, Some(&ended))?;
    begin(conn, open.school_id, open.student_id, (path, accelerated), on)
}

/// Corrects what is followed in the open period; its days stay.
///
/// # Errors
/// 503 when the database cannot answer.
pub fn correct_open(
    conn: &mut Conn,
    open: &Standing,
    (learning_path, accelerated): (LearningPath, bool),
) -> Result<()> {
    queries::replace(conn, open.row_id, Some(&NewPeriod { learning_path, accelerated, ..open.next() }))
}
