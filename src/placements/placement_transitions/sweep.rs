//! Gives back the seats that nobody confirmed in time.

use crate::audit::{self, Event};
use crate::db::{Conn, Sweep};
use crate::error::{Error, Result};
use crate::lifecycle;
use crate::placements::placements::{PLACEMENT_LIFECYCLE, PlacementStatus, expired};

/// Cancels reservations whose last day has passed.
pub const RESERVATIONS_OVER: Sweep = Sweep::new("placement-reservations-over", let_expire);

/// One at a time: whoever moves several placements at once holds several offers, and two such may wait for each other.
fn let_expire(conn: &mut Conn) -> Result<usize> {
    let Some((id, status, expires_on)) = expired(conn)? else { return Ok(0) };
    let previous = lifecycle::last_effective_on::<PlacementStatus>(conn, id)?;
    let day = expires_on.succ_opt().unwrap_or(expires_on).max(previous);
    let step = PLACEMENT_LIFECYCLE.following(status, PlacementStatus::Cancelled, day);
    let step = step.ok_or_else(|| Error::internal("no way to expire"))?;
    lifecycle::follow(conn, id, &step)?;
    audit::record_job(conn, Event::new("moved", "placement", id).with(step.codes()))?;
    Ok(1)
}
