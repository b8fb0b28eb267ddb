//! Upkeep of the system itself: what has lapsed is ended or dropped, in small batches, by whichever
//! process comes to it first.

use std::time::Duration;

use super::Conn;
use super::door::{Db, Job};
use crate::error::Result;

/// One kind of upkeep. Each batch is a transaction of [`Job::SweepExpired`] that takes what nobody
/// else holds (`SKIP LOCKED`) and says how much that was, so any number of processes may sweep at once.
#[derive(Debug, Clone, Copy)]
pub struct Sweep {
    name: &'static str,
    batch: fn(&mut Conn) -> Result<usize>,
}

impl Sweep {
    /// How often everything is swept.
    const EVERY: Duration = Duration::from_mins(1);

    /// `name` stands in the log; `batch` does some of the work and returns how much, 0 when there is
    /// nothing left.
    #[must_use]
    pub const fn new(name: &'static str, batch: fn(&mut Conn) -> Result<usize>) -> Self {
        Self { name, batch }
    }

    /// Sweeps until there is nothing left; returns how much there was.
    ///
    /// # Errors
    /// 503 when the database cannot serve; the batches before stay done.
    pub async fn run(&self, db: &Db) -> Result<usize> {
        let mut swept = 0;
        loop {
            match db.run_as_system(Job::SweepExpired, self.batch).await? {
                0 => return Ok(swept),
                some => swept += some,
            }
        }
    }

    /// Sweeps every minute, for as long as the process lives. What fails is tried again.
    pub async fn keep_up(sweeps: &'static [Self], db: Db) {
        loop {
            for sweep in sweeps {
                match sweep.run(&db).await {
                    Ok(0) => {}
                    Ok(swept) => tracing::info!(sweep = sweep.name, swept, "sweep.done"),
                    Err(error) => {
                        tracing::warn!(sweep = sweep.name, %error, "sweep.failed: what is left waits for the next");
                    }
                }
            }
            tokio::time::sleep(Self::EVERY).await;
        }
    }
}
