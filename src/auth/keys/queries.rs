//! The table of signing keys.

use chrono::{DateTime, Utc};
use diesel::dsl::now;
use diesel::prelude::*;
use diesel::sql_types::{Bigint, Timestamptz};
use uuid::Uuid;

use super::key::NewKey;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::schema::signing_keys;

/// A key as stored, private half sealed.
#[derive(Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = signing_keys)]
pub(crate) struct KeyRow {
    pub(super) kid: String,
    pub(super) private_key: Vec<u8>,
    pub(super) signs_from: DateTime<Utc>,
    pub(super) signs_until: Option<DateTime<Utc>>,
    pub(super) retired_at: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for KeyRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRow").field("kid", &self.kid).finish_non_exhaustive()
    }
}

#[derive(Insertable)]
#[diesel(table_name = signing_keys)]
struct NewKeyRow<'a> {
    id: Uuid,
    kid: &'a str,
    algorithm: &'a str,
    public_jwk: serde_json::Value,
    private_key: Vec<u8>,
    signs_from: DateTime<Utc>,
}

/// Keeps every other process from making or rotating keys until this transaction ends.
pub(super) fn lock(conn: &mut Conn) -> Result<()> {
    const SIGNING_KEYS: i64 = 0x7369_676e_6b65_7973;
    diesel::sql_query("SELECT pg_advisory_xact_lock($1)").bind::<Bigint, _>(SIGNING_KEYS).execute(conn)?;
    Ok(())
}

/// The database's clock, by which all processes agree when a key takes over; not the start of
/// the transaction, which may have waited for the lock.
pub(super) fn time(conn: &mut Conn) -> Result<DateTime<Utc>> {
    Ok(diesel::select(diesel::dsl::sql::<Timestamptz>("clock_timestamp()")).get_result(conn)?)
}

/// The keys not yet retired, oldest first.
pub(super) fn list(conn: &mut Conn) -> Result<Vec<KeyRow>> {
    Ok(signing_keys::table
        .filter(signing_keys::retired_at.is_null().or(signing_keys::retired_at.gt(now)))
        .order((signing_keys::signs_from, signing_keys::kid))
        .select(KeyRow::as_select())
        .get_results(conn)?)
}

/// Publishes a key that signs from `signs_from`.
pub(super) fn insert(conn: &mut Conn, key: &NewKey, sealed: Vec<u8>, signs_from: DateTime<Utc>) -> Result<Uuid> {
    let id = Uuid::now_v7();
    diesel::insert_into(signing_keys::table)
        .values(NewKeyRow {
            id,
            kid: &key.public.kid,
            algorithm: key.public.alg,
            public_jwk: serde_json::to_value(&key.public).map_err(Error::internal)?,
            private_key: sealed,
            signs_from,
        })
        .execute(conn)?;
    Ok(id)
}

/// The keys that still signed stop at `signs_until` and leave the published set at `retired_at`.
pub(super) fn succeed(conn: &mut Conn, signs_until: DateTime<Utc>, retired_at: DateTime<Utc>) -> Result<()> {
    diesel::update(signing_keys::table.filter(signing_keys::signs_until.is_null()))
        .set((signing_keys::signs_until.eq(signs_until), signing_keys::retired_at.eq(retired_at)))
        .execute(conn)?;
    Ok(())
}

/// Every published key is retired at once.
pub(super) fn retire_all(conn: &mut Conn, at: DateTime<Utc>) -> Result<()> {
    let published = signing_keys::retired_at.is_null().or(signing_keys::retired_at.gt(at));
    diesel::update(signing_keys::table.filter(published))
        .set((
            // A key that was still to take over would otherwise end before it began.
            signing_keys::signs_from.eq(signing_keys::created_at),
            signing_keys::signs_until.eq(at),
            signing_keys::retired_at.eq(at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Empties the private halves of retired keys.
pub(super) fn forget_retired(conn: &mut Conn) -> Result<()> {
    let retired = signing_keys::retired_at.le(now).and(signing_keys::private_key.ne(Vec::new()));
    diesel::update(signing_keys::table.filter(retired))
        .set(signing_keys::private_key.eq(Vec::<u8>::new()))
        .execute(conn)?;
    Ok(())
}
