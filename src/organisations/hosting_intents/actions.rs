//! Carrying a statement out: what is recorded, corrected or ended by it.

use uuid::Uuid;

use super::model::{NewIntent, PutHostingIntent, Standing};
use super::queries;
use super::rules::Step;
use crate::db::Conn;
use crate::error::Result;
use crate::kernel::formats::SchoolYear;
use crate::kernel::ids::{HostingIntentId, OrganisationId};

/// Takes the step; answers with the intent that was written, if any. Versions count on from one
/// intent to the next of the same school year, so that no entity tag comes back.
///
/// # Errors
/// 403 when the caller may not write, 409 `period-overlap`.
pub(super) fn take(
    conn: &mut Conn,
    organisation_id: OrganisationId,
    school_year: &SchoolYear,
    standing: Option<&Standing>,
    put: &PutHostingIntent,
    step: Step,
) -> Result<Option<HostingIntentId>> {
    let next = |id, effective_from| NewIntent {
        row_id: Uuid::now_v7(),
        id,
        version: standing.map_or(1, |standing| standing.version + 1),
        organisation_id,
        school_year: school_year.clone(),
        intent: put.intent,
        reason_code: put.reason_code,
        effective_from,
        effective_to: None,
    };
    let id = match (step, standing) {
        (Step::Nothing, _) => return Ok(None),
        (Step::Begin(from) | Step::Correct(from) | Step::Follow(from), None) => {
            let id = HostingIntentId::new();
            queries::insert(conn, &[next(id, from)])?;
            id
        }
        (Step::Begin(from) | Step::Correct(from), Some(standing)) => {
            queries::replace(conn, standing.row_id, &[next(standing.id, from)])?;
            standing.id
        }
        (Step::Follow(from), Some(standing)) => {
            let id = HostingIntentId::new();
            let following = next(id, from);
            if standing.effective_to.is_some_and(|ended| ended <= from) {
                queries::insert(conn, &[following])?;
            } else {
                let ended = NewIntent {
                    intent: standing.intent,
                    reason_code: standing.reason_code,
                    effective_to: Some(from),
                    ..next(standing.id, standing.effective_from)
                };
                queries::replace(conn, standing.row_id, &[ended, following])?;
            }
            id
        }
    };
    Ok(Some(id))
}
