//! The way in for long work: connections of its own, so that it never takes one from a request,
//! and rungs of its own on the time ladder. Its calls block; they belong on a thread of their own.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use chrono::NaiveDate;
use diesel::connection::{AnsiTransactionManager, Connection as _, TransactionManager as _};

use super::Conn;
use super::door::Job;
use super::error::DATABASE_UNAVAILABLE;
use super::identity::{Mode, become_job, begin, begin_as, begin_as_job, give_time};
use super::pool::{Connections, PoolSettings, open};
use super::standing::read_standing;
use crate::auth::Actor;
use crate::error::{Error, Result};

/// Connections for long work, and transactions that may last.
#[derive(Clone)]
pub struct Bulk {
    connections: Connections,
    today: Option<NaiveDate>,
    bell: Arc<(Mutex<bool>, Condvar)>,
}

/// Whether long work is to take effect.
#[derive(Debug)]
pub enum Verdict<T> {
    /// It takes effect with the commit.
    Keep(T),
    /// It is undone; only the conclusion about it is written.
    Undo(T),
}

impl Bulk {
    /// One for the work, one for its progress, one to read from, one for the mails.
    const CONNECTIONS: u32 = 4;

    pub(super) fn new(url: &str, settings: PoolSettings, today: Option<NaiveDate>) -> Self {
        let connections = open(url, PoolSettings { size: Self::CONNECTIONS, ..settings });
        Self { connections, today, bell: Arc::default() }
    }

    /// Tells the workers of this process that long work was accepted.
    pub fn ring(&self) {
        *self.bell.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.1.notify_all();
    }

    /// Waits until it rings, or for so long: other processes accept work without ringing here.
    pub fn wait(&self, longest: Duration) {
        let rung = self.bell.0.lock().unwrap_or_else(PoisonError::into_inner);
        let woken = self.bell.1.wait_timeout_while(rung, longest, |rung| !*rung);
        *woken.unwrap_or_else(PoisonError::into_inner).0 = false;
    }

    /// A short transaction of the system itself.
    ///
    /// # Errors
    /// What `work` refuses; 503 when the database cannot serve.
    pub fn run_as_system<T>(&self, job: Job, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let mut conn = self.connection()?;
        self.begin(&mut conn, begin_as_job(Mode::Write, job))?;
        let done = work(&mut conn);
        end(&mut conn, done)
    }

    /// One transaction that may last: `work` acts as the client that asked for it, under that
    /// client's row policies, and is undone when it says so; `conclude` then writes as `job` what
    /// came of it. Either both take effect or neither does.
    ///
    /// # Errors
    /// 401 when the client has been revoked meanwhile, what `work` and `conclude` fail with, 503
    /// when the database cannot serve.
    pub fn run_for<T, U>(
        &self,
        actor: &Actor,
        job: Job,
        work: impl FnOnce(&mut Conn) -> Result<Verdict<T>>,
        conclude: impl FnOnce(&mut Conn, T) -> Result<U>,
    ) -> Result<U> {
        let mut conn = self.connection()?;
        let client = actor.client.ok_or(Error::Unauthenticated)?;
        self.begin(&mut conn, begin_as_job(Mode::Read, Job::SignIn))?;
        let standing = read_standing(&mut conn, client);
        let standing = end(&mut conn, standing)?;
        if standing.revoked {
            return Err(Error::Unauthenticated);
        }
        let mut begin = begin_as(Mode::Write, actor, &standing);
        give_time(&mut begin);
        self.begin(&mut conn, begin)?;
        let done = worked(&mut conn, work).and_then(|outcome| {
            become_job(&mut conn, job)?;
            conclude(&mut conn, outcome)
        });
        end(&mut conn, done)
    }

    fn connection(&self) -> Result<diesel::r2d2::PooledConnection<diesel::r2d2::ConnectionManager<Conn>>> {
        self.connections.get().map_err(|_none| Error::Unavailable(&DATABASE_UNAVAILABLE))
    }

    /// A connection that died while it was idle shows here, and is then replaced by the pool.
    fn begin(&self, conn: &mut Conn, sql: String) -> Result<()> {
        begin(conn, sql, self.today)
    }
}

/// Runs `work` inside a savepoint, which an `Undo` rolls back.
fn worked<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<Verdict<T>>) -> Result<T> {
    let mut undone = None;
    let kept = conn.transaction(|conn| match work(conn)? {
        Verdict::Keep(outcome) => Ok(Some(outcome)),
        Verdict::Undo(outcome) => {
            undone = Some(outcome);
            Err(Error::NotFound)
        }
    });
    match (undone, kept) {
        (Some(outcome), _) | (None, Ok(Some(outcome))) => Ok(outcome),
        (None, Ok(None)) => Err(Error::internal("long work without an outcome")),
        (None, Err(error)) => Err(error),
    }
}

fn end<T>(conn: &mut Conn, done: Result<T>) -> Result<T> {
    match done {
        Ok(done) => {
            AnsiTransactionManager::commit_transaction(conn)?;
            Ok(done)
        }
        Err(error) => {
            let _ = AnsiTransactionManager::rollback_transaction(conn);
            Err(error)
        }
    }
}

impl std::fmt::Debug for Bulk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bulk").field("today", &self.today).finish_non_exhaustive()
    }
}
