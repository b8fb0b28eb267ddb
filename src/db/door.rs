//! The doors themselves: bulkhead → blocking thread → connection → transaction with identity →
//! work → commit, under the time ladder of `docs/operations.md`.

use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use diesel::connection::{AnsiTransactionManager, TransactionManager as _};
use diesel::pg::PgConnection;
use diesel::r2d2::{ConnectionManager, PooledConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Conn;
use super::bulk::Bulk;
use super::deadline::Outcome;
use super::error::{DATABASE_UNAVAILABLE, OVERLOADED};
use super::identity::{Mode, begin, begin_as, begin_as_job};
use super::pool::{Connections, PoolSettings, open};
use super::standing::{Standing, Standings, read_standing};
use crate::auth::{Actor, ActorKind};
use crate::error::{Error, Result};

/// Proof that somebody may call: the guards of [`crate::auth`] are the only ones.
pub trait Caller {
    /// Who acts.
    fn actor(&self) -> &Actor;
}

/// Why the system itself acts; each reason has row policies of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Resolves clients, secrets, issuers and keys for a token.
    SignIn,
    /// Creates, lists, rotates and revokes clients from the command line.
    ManageClients,
    /// Publishes a new signing key and retires old ones.
    RotateKeys,
    /// Runs long work that was accepted earlier.
    WorkJobs,
    /// Sends the mails that a transaction put into the outbox.
    SendMails,
    /// Drops or ends what has lapsed: idempotency keys, spooled uploads, reservations, requests whose
    /// period is over.
    SweepExpired,
}

impl Job {
    /// The value of the setting `app.job`.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::ManageClients => "manage-clients",
            Self::RotateKeys => "rotate-keys",
            Self::WorkJobs => "work-jobs",
            Self::SendMails => "send-mails",
            Self::SweepExpired => "sweep-expired",
        }
    }
}

/// The only way to the database.
#[derive(Clone)]
pub struct Db {
    connections: Connections,
    permits: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    exports: Arc<Semaphore>,
    standings: Arc<Standings>,
    today: Option<NaiveDate>,
    bulk: Bulk,
}

enum Identity {
    Actor(Box<Actor>),
    Job(Job),
}

type Connection = PooledConnection<ConnectionManager<PgConnection>>;

/// What a caller wants done inside its transaction, and what comes of it.
type Work = Box<dyn FnOnce(&mut Conn) -> Result<Done> + Send>;
type Done = Box<dyn Any + Send>;

impl Db {
    /// How long a request waits for its turn before 503 `overloaded`.
    const QUEUE_WAIT: Duration = Duration::from_secs(1);
    /// After this a request is answered, whatever the database does.
    const DEADLINE: Duration = Duration::from_secs(10);
    /// Requests that may wait, per connection.
    const QUEUE_PER_CONNECTION: usize = 64;
    /// Whole lists that are read at once.
    const EXPORTS: usize = 2;

    /// Opens the doors on the app login's URL; connects when first used. `today` fixes the
    /// business date (demo mode only).
    #[must_use]
    pub fn new(url: &str, settings: PoolSettings, today: Option<NaiveDate>) -> Self {
        let size = settings.size as usize;
        Self {
            connections: open(url, settings),
            permits: Arc::new(Semaphore::new(size)),
            waiting: Arc::new(Semaphore::new(size * Self::QUEUE_PER_CONNECTION)),
            exports: Arc::new(Semaphore::new(Self::EXPORTS)),
            standings: Arc::new(Standings::new()),
            today,
            bulk: Bulk::new(url, settings, today),
        }
    }

    /// The way in for long work.
    #[must_use]
    pub const fn bulk(&self) -> &Bulk {
        &self.bulk
    }

    /// The same doors with a memory of their own of what clients may do: for a load that changes
    /// just that, so that nobody else acts for seconds on what it saw half way.
    #[must_use]
    pub fn with_own_standings(&self) -> Self {
        Self { standings: Arc::new(Standings::new()), ..self.clone() }
    }

    /// Forgets what is remembered of the clients, for who has just changed what they may do.
    pub fn forget_standings(&self) {
        self.standings.forget();
    }

    /// The fixed business date of demo mode, if any.
    #[must_use]
    pub const fn fixed_today(&self) -> Option<NaiveDate> {
        self.today
    }

    /// Reads; each statement may become its own transaction, so no locks and no shared snapshot.
    ///
    /// # Errors
    /// What `work` refuses, 401 for a revoked client, 503 when the database cannot serve.
    pub async fn read<T, F>(&self, caller: &impl Caller, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.enter(Identity::Actor(Box::new(caller.actor().clone())), Mode::Read, work).await
    }

    /// Writes in one transaction, which the row of the trail makes two statements at least; an error
    /// of `work` rolls it back.
    ///
    /// # Errors
    /// What `work` refuses; 503 when it certainly did not happen, 504 when it may have.
    pub async fn write<T, F>(&self, caller: &impl Caller, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.enter(Identity::Actor(Box::new(caller.actor().clone())), Mode::Write, work).await
    }

    /// Reads several statements from one snapshot (repeatable read).
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn snapshot<T, F>(&self, caller: &impl Caller, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.enter(Identity::Actor(Box::new(caller.actor().clone())), Mode::Snapshot, work).await
    }

    /// A [`Db::snapshot`] of a whole list: it takes long and much memory, so there are few at once and
    /// connections are left to everybody else.
    ///
    /// # Errors
    /// As [`Db::read`]; 503 too when its turn does not come within a second.
    pub async fn export<T, F>(&self, caller: &impl Caller, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let Ok(Ok(turn)) = tokio::time::timeout(Self::QUEUE_WAIT, Arc::clone(&self.exports).acquire_owned()).await
        else {
            return Err(Error::Unavailable(&OVERLOADED));
        };
        let in_turn = move |conn: &mut Conn| {
            let _turn = turn;
            work(conn)
        };
        self.enter(Identity::Actor(Box::new(caller.actor().clone())), Mode::Snapshot, in_turn).await
    }

    /// Work of the system itself, under the policies of its named reason.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn run_as_system<T, F>(&self, job: Job, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.enter(Identity::Job(job), Mode::Write, work).await
    }

    /// Whether a connection can be had and answers: for `/health/ready`.
    ///
    /// # Errors
    /// 503 when not.
    pub async fn ping(&self) -> Result<()> {
        use diesel::connection::SimpleConnection as _;
        self.enter(Identity::Job(Job::SignIn), Mode::Read, |conn| Ok(conn.batch_execute("SELECT 1")?)).await
    }

    /// Only what is asked for differs from caller to caller: all else behind the doors is compiled
    /// once, not for each of some three hundred of them.
    async fn enter<T, F>(&self, identity: Identity, mode: Mode, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let work = Box::new(|conn: &mut Conn| Ok(Box::new(work(conn)?) as Done));
        let done = self.pass(identity, mode, work).await?;
        done.downcast().map(|done| *done).map_err(|_other| Error::internal("a door gave back what was not asked for"))
    }

    async fn pass(&self, identity: Identity, mode: Mode, work: Work) -> Result<Done> {
        let permit = self.take_turn().await?;
        let outcome = Arc::new(Outcome::default());
        let worker = Worker { db: self.clone(), outcome: Arc::clone(&outcome), _permit: permit };
        let task = tokio::task::spawn_blocking(move || worker.run(&identity, mode, work));
        match tokio::time::timeout(Self::DEADLINE, task).await {
            Ok(Ok(result)) => result,
            Ok(Err(panicked)) => Err(Error::internal(panicked)),
            Err(_elapsed) if outcome.abandon() => Err(Error::Unavailable(&DATABASE_UNAVAILABLE)),
            Err(_elapsed) => Err(Error::OutcomeUnknown),
        }
    }

    /// A permit per connection plus a short queue; the permit is held by the blocking work, so
    /// that stuck work counts as used and everybody else hears 503 within a second.
    async fn take_turn(&self) -> Result<OwnedSemaphorePermit> {
        let _place = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_full| Error::Unavailable(&OVERLOADED))?;
        match tokio::time::timeout(Self::QUEUE_WAIT, Arc::clone(&self.permits).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(Error::Unavailable(&OVERLOADED)),
        }
    }
}

/// The blocking half of a door.
struct Worker {
    db: Db,
    outcome: Arc<Outcome>,
    _permit: OwnedSemaphorePermit,
}

impl Worker {
    fn run(self, identity: &Identity, mode: Mode, work: Work) -> Result<Done> {
        let mut conn = self.begun(identity, mode)?;
        match work(&mut conn) {
            Ok(done) if mode == Mode::Write => self.commit(&mut conn).map(|()| done),
            Ok(done) => {
                // Nothing was written: a connection lost here loses nothing.
                let _ = AnsiTransactionManager::commit_transaction(&mut *conn);
                Ok(done)
            }
            Err(error) => {
                let _ = AnsiTransactionManager::rollback_transaction(&mut *conn);
                Err(error)
            }
        }
    }

    /// A connection inside its transaction. A dead one shows at BEGIN, where nothing has run
    /// yet, so it is dropped and the next one tried.
    fn begun(&self, identity: &Identity, mode: Mode) -> Result<Connection> {
        let attempts = self.db.connections.max_size();
        let mut last = Error::Unavailable(&DATABASE_UNAVAILABLE);
        for _ in 0..=attempts {
            let mut conn = self.db.connections.get().map_err(|_none| Error::Unavailable(&DATABASE_UNAVAILABLE))?;
            let sql = match self.begin_sql(&mut conn, identity, mode) {
                Ok(sql) => sql,
                Err(Error::Unavailable(rule)) => {
                    last = Error::Unavailable(rule);
                    continue;
                }
                Err(refused) => return Err(refused),
            };
            match begin(&mut conn, sql, self.db.today) {
                Ok(()) => return Ok(conn),
                Err(Error::Unavailable(rule)) => last = Error::Unavailable(rule),
                Err(refused) => return Err(refused),
            }
        }
        Err(last)
    }

    fn begin_sql(&self, conn: &mut Connection, identity: &Identity, mode: Mode) -> Result<String> {
        match identity {
            Identity::Job(job) => Ok(begin_as_job(mode, *job)),
            Identity::Actor(actor) => {
                let standing = self.standing(conn, actor)?;
                if standing.revoked { Err(Error::Unauthenticated) } else { Ok(begin_as(mode, actor, &standing)) }
            }
        }
    }

    fn standing(&self, conn: &mut Connection, actor: &Actor) -> Result<Arc<Standing>> {
        let (ActorKind::Client, Some(client)) = (actor.kind, actor.client) else { return Ok(Arc::default()) };
        if let Some(standing) = self.db.standings.remembered(client) {
            return Ok(standing);
        }
        let read_at = Instant::now();
        begin(conn, begin_as_job(Mode::Read, Job::SignIn), self.db.today)?;
        let standing = read_standing(conn, client);
        let _ = AnsiTransactionManager::commit_transaction(&mut **conn);
        Ok(self.db.standings.remember(client, read_at, standing?))
    }

    fn commit(&self, conn: &mut Connection) -> Result<()> {
        if !self.outcome.may_commit() {
            let _ = AnsiTransactionManager::rollback_transaction(&mut **conn);
            return Err(Error::Unavailable(&DATABASE_UNAVAILABLE));
        }
        AnsiTransactionManager::commit_transaction(&mut **conn).map_err(|error| match Error::from(error) {
            // The connection went while COMMIT was on its way: only a retry with the same key tells.
            Error::Unavailable(_) | Error::Internal(_) => Error::OutcomeUnknown,
            told => told,
        })
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").field("today", &self.today).finish_non_exhaustive()
    }
}
