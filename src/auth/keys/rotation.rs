//! Making the first key, and having a new one take over.

use chrono::{DateTime, TimeDelta, Utc};

use super::key::NewKey;
use super::master::MasterKey;
use super::queries;
use crate::audit::{self, Event};
use crate::auth::TOKEN_LIFETIME;
use crate::db::{Conn, Db, Job};
use crate::error::Result;

/// How long a new key is published before it signs: three times the interval at which every
/// process reads the keys, so that all know it by then.
const PUBLICATION: TimeDelta = TimeDelta::seconds(15);
/// How long a key stays published after it signs no more: the life of its last token, and a
/// minute for a process that heard late of its successor.
const LAST_TOKENS: TimeDelta = TimeDelta::seconds(TOKEN_LIFETIME + 60);

/// How fast a new key takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// Without a single refused token: the new key signs once all processes know it, the old
    /// one stays published until its last token has expired.
    Routine,
    /// A key leaked: every token signed so far is refused, on every process within
    /// 5 seconds; until then a process may also refuse tokens of the new key.
    Emergency,
}

/// What a rotation came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// Key id of the new key.
    pub kid: String,
    /// Moment from which it signs.
    pub signs_from: DateTime<Utc>,
    /// Moment at which the keys before it are no longer accepted.
    pub others_retire_at: DateTime<Utc>,
}

/// Publishes a new signing key and sets the end of those before it.
///
/// # Errors
/// 503 when the database cannot be reached, 409 while another rotation is under way.
pub async fn rotate(db: &Db, master: &MasterKey, urgency: Urgency) -> Result<Rotated> {
    let key = NewKey::generate()?;
    let sealed = master.seal(&key.public.kid, &key.pkcs8)?;
    db.run_as_system(Job::RotateKeys, move |conn| {
        queries::lock(conn)?;
        let now = queries::time(conn)?;
        let (signs_from, others_retire_at) = match urgency {
            Urgency::Routine => {
                let signs_from = now + PUBLICATION;
                let retire_at = signs_from + LAST_TOKENS;
                queries::succeed(conn, signs_from, retire_at)?;
                (signs_from, retire_at)
            }
            Urgency::Emergency => {
                queries::retire_all(conn, now)?;
                (now, now)
            }
        };
        let id = queries::insert(conn, &key, sealed, signs_from)?;
        audit::record_job(conn, Event::new("published", "signing-key", id))?;
        queries::forget_retired(conn)?;
        Ok(Rotated { kid: key.public.kid, signs_from, others_retire_at })
    })
    .await
}

/// Makes the first key when there is none; of several processes that start at once, one does.
pub(super) async fn make_first(db: &Db, master: &MasterKey) -> Result<()> {
    let key = NewKey::generate()?;
    let sealed = master.seal(&key.public.kid, &key.pkcs8)?;
    db.run_as_system(Job::RotateKeys, move |conn: &mut Conn| {
        queries::lock(conn)?;
        if queries::list(conn)?.is_empty() {
            let now = queries::time(conn)?;
            let id = queries::insert(conn, &key, sealed, now)?;
            audit::record_job(conn, Event::new("published", "signing-key", id))?;
            tracing::info!(kid = key.public.kid, "keys.first_made: no signing key was there yet");
        }
        Ok(())
    })
    .await
}
