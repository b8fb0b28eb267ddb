//! The published keys as this process holds them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::key::{KeySet, SigningKey};
use super::master::MasterKey;
use super::queries::{self, KeyRow};
use super::rotation::make_first;
use crate::db::{DATABASE_UNAVAILABLE, Db, Job};
use crate::error::{Error, Result};

/// The published keys, read again every [`KeyRing::REFRESH`], so that a rotation by command
/// reaches every process before the new key signs. A token with an unknown key id therefore
/// never sets off a look-up.
#[derive(Debug)]
pub struct KeyRing {
    master: MasterKey,
    current: RwLock<Option<Arc<KeySet>>>,
    generations: AtomicU64,
}

impl KeyRing {
    /// How often the keys are read again.
    pub const REFRESH: Duration = Duration::from_secs(5);
    /// How long to wait for the next try while no keys could be read yet.
    const FIRST_TRIES: Duration = Duration::from_millis(500);

    /// An empty ring; [`KeyRing::refresh`] or [`KeyRing::keep_fresh`] fills it.
    #[must_use]
    pub fn new(master: MasterKey) -> Self {
        Self { master, current: RwLock::new(None), generations: AtomicU64::new(0) }
    }

    /// The keys in use.
    ///
    /// # Errors
    /// 503 while none could be read since this process started.
    pub(crate) fn current(&self) -> Result<Arc<KeySet>> {
        self.held().ok_or(Error::Unavailable(&DATABASE_UNAVAILABLE))
    }

    /// Whether every published key could be opened: where one could not, another master key sealed it.
    #[must_use]
    pub fn opens_all(&self) -> bool {
        self.held().is_some_and(|set| set.keys.len() == set.rows.len())
    }

    /// Reads the keys; makes the first one where there is none.
    ///
    /// # Errors
    /// 503 when the database cannot be reached; the keys held so far stay in use.
    pub async fn refresh(&self, db: &Db) -> Result<()> {
        let mut rows = db.run_as_system(Job::SignIn, queries::list).await?;
        if rows.is_empty() {
            make_first(db, &self.master).await?;
            rows = db.run_as_system(Job::SignIn, queries::list).await?;
        }
        self.install(rows);
        Ok(())
    }

    /// Keeps the ring fresh for ever; to be spawned once per process.
    pub async fn keep_fresh(self: Arc<Self>, db: Db) {
        let mut reachable = true;
        loop {
            match self.refresh(&db).await {
                Ok(()) => reachable = true,
                Err(error) if reachable => {
                    reachable = false;
                    tracing::warn!(%error, "keys.refresh_failed: signing keys could not be read, will keep trying");
                }
                Err(_still) => {}
            }
            tokio::time::sleep(if self.held().is_some() { Self::REFRESH } else { Self::FIRST_TRIES }).await;
        }
    }

    /// Puts these rows in place of what is held; the same rows change nothing.
    pub(super) fn install(&self, rows: Vec<KeyRow>) {
        if self.held().is_some_and(|held| held.rows == rows) {
            return;
        }
        let keys = rows.iter().filter_map(|row| self.opened(row)).collect();
        let generation = self.generations.fetch_add(1, Ordering::Relaxed);
        let set = Arc::new(KeySet { generation, rows, keys });
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(set);
    }

    fn opened(&self, row: &KeyRow) -> Option<Arc<SigningKey>> {
        let key = SigningKey::open(row, &self.master);
        if key.is_none() {
            tracing::error!(
                kid = row.kid,
                "keys.not_opened: sealed under another master key; set the right one, or rotate the keys"
            );
        }
        key.map(Arc::new)
    }

    fn held(&self) -> Option<Arc<KeySet>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
