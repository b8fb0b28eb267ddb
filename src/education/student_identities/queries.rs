//! Names of students in the database. Who sees them is decided by the row policies, not here.

use diesel::prelude::*;

use super::model::StudentIdentity;
use crate::db::Conn;
use crate::error::Result;
use crate::kernel::ids::StudentId;
use crate::schema::student_identities;

#[derive(Queryable, Selectable)]
#[diesel(table_name = student_identities)]
struct Row {
    student_id: StudentId,
    given_name: String,
    prefix: Option<String>,
    family_name: String,
    school_email: Option<String>,
}

impl From<Row> for StudentIdentity {
    fn from(row: Row) -> Self {
        Self {
            id: row.student_id,
            given_name: row.given_name,
            prefix: row.prefix,
            family_name: row.family_name,
            school_email: row.school_email,
        }
    }
}

/// The name of a student, for an operation that records the look.
///
/// # Errors
/// 404 when the caller may not see it.
pub fn find(conn: &mut Conn, student: StudentId) -> Result<StudentIdentity> {
    let row: Row = student_identities::table.find(student).select(Row::as_select()).first(conn)?;
    Ok(row.into())
}

/// The names of these students, as far as the caller may see them.
pub(super) fn list(conn: &mut Conn, students: &[StudentId]) -> Result<Vec<StudentIdentity>> {
    let rows: Vec<Row> = student_identities::table
        .filter(student_identities::student_id.eq_any(students))
        .order(student_identities::student_id)
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(StudentIdentity::from).collect())
}
