//! Entering and changing students: one flow for a PUT, a PATCH and a whole roster.

use std::collections::HashMap;

use super::model::Student;
use super::queries;
use super::record::StudentRecord;
use super::rows::{Held, Register};
use super::rules::{self, PATH_NOT_OFFERED, PathStep, Plan, Wish};
use crate::db::Conn;
use crate::education::learning_path_periods as paths;
use crate::error::{Error, Result};
use crate::kernel::field::LearningPath;
use crate::kernel::formats::SourcedId;
use crate::kernel::ids::{OrganisationId, StudentId};
use crate::kernel::today::Today;

/// What a record did to a student.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upserted {
    /// The student was not there.
    Created(StudentId),
    /// Something changed.
    Updated(StudentId),
    /// Everything was as the record says; nothing was written.
    Unchanged(StudentId),
}

impl Upserted {
    /// The student.
    #[must_use]
    pub const fn id(self) -> StudentId {
        match self {
            Self::Created(id) | Self::Updated(id) | Self::Unchanged(id) => id,
        }
    }
}

/// The programmes and cohorts that a school has registered, for any number of records.
///
/// # Errors
/// 503 when the database cannot answer.
pub fn register_of(conn: &mut Conn, school: OrganisationId) -> Result<Register> {
    queries::register_of(conn, school)
}

/// Which of these students the school has, locked until the transaction ends, by their keys.
///
/// # Errors
/// 503 when the database cannot answer.
pub fn held_of(conn: &mut Conn, school: OrganisationId, keys: &[SourcedId]) -> Result<HashMap<SourcedId, Held>> {
    queries::held(conn, school, keys)
}

/// Makes a school's student what the record says; `held` is what [`held_of`] told of it. Whoever
/// is on a roster is active.
///
/// # Errors
/// 400 with everything that is wrong with the record; nothing has been written then.
pub fn upsert(
    conn: &mut Conn,
    school: OrganisationId,
    held: Option<&Held>,
    record: StudentRecord,
    register: &Register,
    today: Today,
) -> Result<Upserted> {
    let Some(held) = held else { return enter(conn, school, record, register, today) };
    let plan = rules::plan(Some(held), record.into(), register, today)?;
    change(conn, held, &plan, today)
}

/// Makes a student what a wish says, as [`upsert`] does.
pub(super) fn apply(
    conn: &mut Conn,
    held: &Held,
    wish: impl Into<Wish>,
    register: &Register,
    today: Today,
) -> Result<Upserted> {
    let plan = rules::plan(Some(held), wish.into(), register, today)?;
    change(conn, held, &plan, today)
}

/// Enters a student; when a parallel request has just done so, the record changes that one.
fn enter(
    conn: &mut Conn,
    school: OrganisationId,
    record: StudentRecord,
    register: &Register,
    today: Today,
) -> Result<Upserted> {
    let key = record.sourced_id.clone();
    let plan = rules::plan(None, record.clone().into(), register, today)?;
    let Some(id) = queries::insert(conn, school, &key, &plan.enrolment)? else {
        let held = queries::held(conn, school, std::slice::from_ref(&key))?.remove(&key);
        let held = held.ok_or_else(|| Error::internal("a student that is there and is not"))?;
        return apply(conn, &held, record, register, today);
    };
    if let Some(identity) = &plan.identity {
        queries::put_identity(conn, school, id, identity, true)?;
    }
    if let PathStep::Begin(path, accelerated) = plan.path {
        paths::begin(conn, school, id, (path, accelerated), today.0)?;
    }
    Ok(Upserted::Created(id))
}

fn change(conn: &mut Conn, held: &Held, plan: &Plan, today: Today) -> Result<Upserted> {
    let (id, school) = (held.id(), held.student.school_id);
    if plan.changes_nothing(held) {
        return Ok(Upserted::Unchanged(id));
    }
    queries::update(conn, id, &plan.enrolment)?;
    if let Some(identity) = plan.identity.as_ref().filter(|identity| held.identity.as_ref() != Some(*identity)) {
        queries::put_identity(conn, school, id, identity, held.identity.is_none())?;
    }
    match (&plan.path, &held.open) {
        (PathStep::Begin(path, pace), _) => {
            paths::begin(conn, school, id, (*path, *pace), today.0)?;
        }
        (PathStep::Switch(path, pace), Some(open)) => {
            paths::switch(conn, open, (*path, *pace), today.0)?;
        }
        (PathStep::Correct(path, pace), Some(open)) => paths::correct_open(conn, open, (*path, *pace))?,
        _ => {}
    }
    Ok(Upserted::Updated(id))
}

/// Takes a student that is missing from a full roster off it; true when it was on it.
///
/// # Errors
/// 503 when the database cannot answer.
pub fn deactivate(conn: &mut Conn, held: &Held) -> Result<bool> {
    if !held.student.enrolment.active {
        return Ok(false);
    }
    let mut enrolment = held.student.enrolment.clone();
    enrolment.active = false;
    queries::update(conn, held.id(), &enrolment)?;
    Ok(true)
}

/// The school of a student that the caller may write, locked for what is written beside it.
///
/// # Errors
/// 404 when the caller cannot see the student, 403 when it may not write it.
pub fn lock(conn: &mut Conn, id: StudentId) -> Result<OrganisationId> {
    queries::lock(conn, id)
}

/// A student with name, programme and availability, for an operation that records the look.
///
/// # Errors
/// 404 when the caller cannot see the student.
pub fn find(conn: &mut Conn, id: StudentId) -> Result<Student> {
    queries::find(conn, id)
}

/// Demands that the caller can see the student.
///
/// # Errors
/// 404 when it cannot.
pub fn require_visible(conn: &mut Conn, id: StudentId) -> Result<()> {
    queries::require_visible(conn, id)
}

/// Demands that the student's programme is offered in this learning path.
///
/// # Errors
/// 400 `path-not-offered`.
pub fn must_offer(conn: &mut Conn, id: StudentId, path: LearningPath) -> Result<()> {
    if queries::paths_offered(conn, id)?.contains(&path) {
        return Ok(());
    }
    Err(PATH_NOT_OFFERED.fault("/learningPath").into())
}

/// Moves a student's version and its place in the feed, for a change of something it shows that
/// stands elsewhere.
///
/// # Errors
/// 503 when the database cannot answer.
pub fn touch(conn: &mut Conn, id: StudentId) -> Result<()> {
    queries::touch(conn, id)
}
