//! Ends the requests that nobody closed before their period was over.

use super::model::PlacementRequestStatus;
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::db::{Conn, Sweep};
use crate::error::{Error, Result};
use crate::lifecycle;

/// Lets open requests lapse whose last day has passed.
pub const PERIODS_OVER: Sweep = Sweep::new("placement-requests-over", let_lapse);

/// So few that nobody who wants one of them waits long.
const BATCH: i64 = 50;

fn let_lapse(conn: &mut Conn) -> Result<usize> {
    let over = queries::over(conn, BATCH)?;
    for &(id, ends_on) in &over {
        let previous = lifecycle::last_effective_on::<PlacementRequestStatus>(conn, id)?;
        let step = rules::lapses(ends_on, previous).ok_or_else(|| Error::internal("no way to lapse"))?;
        lifecycle::follow(conn, id, &step)?;
        audit::record_job(conn, Event::new("moved", "placement-request", id).with(step.codes()))?;
    }
    Ok(over.len())
}
