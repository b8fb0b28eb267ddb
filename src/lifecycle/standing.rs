//! Which steps of a history stand, and since when they are known.

use std::iter;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::history::{Step, history};
use super::table::State;
use crate::db::Conn;
use crate::error::Result;

impl Step {
    /// Whether the resource took this step and no correction has its place. What a step that was taken
    /// back leaves in the history leads from a state to that state: the step before is the last then.
    pub(super) fn stands(&self) -> bool {
        self.superseded_at.is_none() && self.from.as_ref() != Some(&self.to)
    }
}

/// When a step was recorded, before any correction.
pub(super) fn first_recorded_at(steps: &[Step], step: &Step) -> DateTime<Utc> {
    let superseded = |by: &&Step| steps.iter().find(|known| Some(known.id) == by.supersedes_id);
    iter::successors(Some(step), superseded).last().unwrap_or(step).recorded_at
}

/// The day of the step from one state to another that stands, and the moment at which it was recorded at
/// first, whatever corrected it since; none while it was not taken.
///
/// # Errors
/// 503 when it cannot be read.
pub fn standing_step<S: State>(
    conn: &mut Conn,
    id: impl Into<Uuid>,
    from: S,
    to: S,
) -> Result<Option<(NaiveDate, DateTime<Utc>)>> {
    let steps = history::<S>(conn, id)?.items;
    let leads = |step: &&Step| step.stands() && step.from.as_deref() == Some(from.code()) && step.to == to.code();
    Ok(steps.iter().rfind(leads).map(|step| (step.effective_on, first_recorded_at(&steps, step))))
}
