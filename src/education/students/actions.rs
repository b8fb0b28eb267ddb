//! Entering and changing students one by one: one flow for PUT and PATCH. Whole rosters are merged in
//! sets (`roster_imports`).

use super::queries;
use super::record::StudentRecord;
use super::register::Register;
use super::rows::Held;
use super::rules::{self, PATH_NOT_OFFERED, PathStep, Plan, StudentChange};
use crate::db::Conn;
use crate::education::learning_path_periods as paths;
use crate::error::{Error, Result};
use crate::kernel::field::LearningPath;
use crate::kernel::ids::{OrganisationId, StudentId};
use crate::kernel::today::Today;

/// What a record did to a student.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Upserted {
    /// The student was not there.
    Created(StudentId),
    /// Something changed.
    Updated(StudentId),
    /// Everything was as the record says; nothing was written.
    Unchanged(StudentId),
}

impl Upserted {
    /// The student.
    pub(super) const fn id(self) -> StudentId {
        match self {
            Self::Created(id) | Self::Updated(id) | Self::Unchanged(id) => id,
        }
    }
}

/// Makes a school's student what the record says; `held` is what is known of it. Whoever
/// is on a roster is active.
///
/// # Errors
/// 400 with everything that is wrong with the record; nothing has been written then.
pub(super) fn upsert(
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
    wish: impl Into<StudentChange>,
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
