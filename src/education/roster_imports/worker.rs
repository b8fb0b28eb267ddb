//! Applies rosters, in every process that serves: takes up the oldest that waits, applies it in one
//! transaction, says meanwhile how far it is. Whatever one process lays down another takes up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::thread;
use std::time::Duration;

use uuid::Uuid;

use super::import::{self, Import};
use super::leases::{self, Leased};
use crate::db::{BUSY, Bulk, Db, Job};
use crate::error::{Error, Result};

/// The worker of a process; it lays its work down when this is dropped.
#[derive(Debug)]
pub struct Worker {
    stopped: Arc<AtomicBool>,
    bulk: Bulk,
}

/// What the thread at work and the one that keeps its lease tell each other.
#[derive(Debug, Default)]
pub(super) struct Progress {
    pub(super) read: AtomicI64,
    pub(super) rejected: AtomicI64,
    /// The lease went to somebody else, the school cancelled, or the process stops.
    pub(super) lost: AtomicBool,
    ended: AtomicBool,
}

impl Progress {
    /// Whether to go on.
    ///
    /// # Errors
    /// When somebody else has the import now, or nobody is to have it any more.
    pub(super) fn check(&self) -> Result<()> {
        if self.lost.load(Ordering::Relaxed) { Err(BUSY.conflict()) } else { Ok(()) }
    }
}

impl Worker {
    /// How often to look for work that another process accepted.
    const LOOK: Duration = Duration::from_secs(1);
    /// How often to say that the work goes on; a lease holds for five times as long.
    const BEAT: Duration = Duration::from_secs(3);
    /// How often an import is tried before it counts as impossible.
    const ATTEMPTS: i32 = 5;

    /// Starts the worker of this process.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(db: &Db) -> std::io::Result<Self> {
        let stopped = Arc::new(AtomicBool::new(false));
        let (bulk, stop) = (db.bulk().clone(), Arc::clone(&stopped));
        thread::Builder::new().name("rosters".to_owned()).spawn(move || work(&bulk, &stop))?;
        Ok(Self { stopped, bulk: db.bulk().clone() })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.bulk.ring();
    }
}

fn work(bulk: &Bulk, stopped: &AtomicBool) {
    let owner = Uuid::now_v7();
    while !stopped.load(Ordering::Relaxed) {
        match bulk.run_as_system(Job::WorkJobs, |conn| leases::lease(conn, owner)) {
            Ok(Some(leased)) => finish(bulk, owner, &leased, stopped),
            Ok(None) => bulk.wait(Worker::LOOK),
            Err(error) => {
                tracing::warn!(%error, "roster_import.no_lease: cannot look for work, will keep trying");
                bulk.wait(Worker::LOOK);
            }
        }
    }
}

/// Applies one import, with somebody beside it who keeps the lease.
fn finish(bulk: &Bulk, owner: Uuid, leased: &Leased, stopped: &AtomicBool) {
    let progress = Progress::default();
    let applied = thread::scope(|scope| {
        let keeper = scope.spawn(|| keep(bulk, owner, leased, &progress, stopped));
        let import = Import { bulk, owner, leased, progress: &progress };
        // A defect of ours costs the import, not the worker.
        let applied = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| import.apply()));
        progress.ended.store(true, Ordering::Relaxed);
        keeper.thread().unpark();
        applied.unwrap_or_else(|_panicked| Err(Error::internal("the import panicked")))
    });
    let (import, job, attempt) = (leased.id, leased.job, leased.attempts);
    let Err(error) = applied else {
        tracing::info!(%import, %job, rows = progress.read.load(Ordering::Relaxed), "roster_import.ended");
        return;
    };
    let settled = bulk.run_as_system(Job::WorkJobs, |conn| {
        if progress.lost.load(Ordering::Relaxed) || import::may_pass(&error) && attempt < Worker::ATTEMPTS {
            leases::release(conn, owner, job)
        } else {
            import::fail(conn, owner, leased, import::code_of(&error))
        }
    });
    if import::may_pass(&error) {
        tracing::warn!(%import, %job, %error, attempt, "roster_import.laid_down: it is tried again");
        bulk.wait(Worker::LOOK);
    } else {
        tracing::error!(%import, %job, %error, attempt, "roster_import.failed: nothing of it took effect");
    }
    if let Err(error) = settled {
        tracing::warn!(%import, %error, "roster_import.not_settled: the lease runs out by itself");
    }
}

/// Says every few seconds that the work goes on, until it has ended or is lost.
fn keep(bulk: &Bulk, owner: Uuid, leased: &Leased, progress: &Progress, stopped: &AtomicBool) {
    loop {
        thread::park_timeout(Worker::BEAT);
        if progress.ended.load(Ordering::Relaxed) {
            return;
        }
        if stopped.load(Ordering::Relaxed) {
            progress.lost.store(true, Ordering::Relaxed);
            return;
        }
        let counts = (progress.read.load(Ordering::Relaxed), progress.rejected.load(Ordering::Relaxed));
        match bulk.run_as_system(Job::WorkJobs, |conn| leases::keep_lease(conn, owner, leased, counts)) {
            Ok(true) => {}
            Ok(false) => {
                progress.lost.store(true, Ordering::Relaxed);
                return;
            }
            Err(error) => tracing::warn!(%error, import = %leased.id, "roster_import.lease_not_kept: will keep trying"),
        }
    }
}
