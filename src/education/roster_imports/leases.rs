//! Who is at work on which import: a lease that runs out by itself when its holder falls silent.

use diesel::sql_types::{Array, BigInt, Binary, Bool, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel::{OptionalExtension as _, QueryableByName, RunQueryDsl as _, sql_query};
use serde_json::Value;
use uuid::Uuid;

use super::model::{RosterForm, RosterMode};
use crate::db::{Conn, Prepare as _};
use crate::error::Result;
use crate::kernel::ids::{ClientId, JobId, OrganisationId, RosterImportId};

/// An import that a worker took up.
#[derive(Debug, QueryableByName)]
pub(super) struct Leased {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: RosterImportId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) job: JobId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) school: OrganisationId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) client: ClientId,
    #[diesel(sql_type = Jsonb)]
    pub(super) parameters: Value,
    #[diesel(sql_type = Integer)]
    pub(super) attempts: i32,
    #[diesel(sql_type = Text)]
    pub(super) form: RosterForm,
    #[diesel(sql_type = Text)]
    pub(super) mode: RosterMode,
    #[diesel(sql_type = Bool)]
    pub(super) dry_run: bool,
    #[diesel(sql_type = Bool)]
    pub(super) confirmed: bool,
    #[diesel(sql_type = Array<Text>)]
    pub(super) scope: Vec<String>,
    #[diesel(sql_type = BigInt)]
    pub(super) size_bytes: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) sha256: Option<String>,
}

/// Takes up the oldest import that nobody is at work on.
pub(super) fn lease(conn: &mut Conn, owner: Uuid) -> Result<Option<Leased>> {
    let leased =
        sql_query(include_str!("lease.sql")).bind::<SqlUuid, _>(owner).prepared().get_result(conn).optional()?;
    Ok(leased)
}

/// Says that the work goes on, and how far it is; false when the import is somebody else's now.
pub(super) fn keep_lease(conn: &mut Conn, owner: Uuid, leased: &Leased, (read, rejected): (i64, i64)) -> Result<bool> {
    let kept = sql_query(
        "UPDATE jobs SET lease_until = now() + interval '15 seconds', progress_done = $3 \
         WHERE id = $1 AND lease_owner = $2 AND status = 'running'",
    )
    .bind::<SqlUuid, _>(leased.job)
    .bind::<SqlUuid, _>(owner)
    .bind::<BigInt, _>(read)
    .prepared()
    .execute(conn)?;
    sql_query("UPDATE roster_imports SET rows_read = $2, rejected = $3 WHERE id = $1 AND status = 'running'")
        .bind::<SqlUuid, _>(leased.id)
        .bind::<BigInt, _>(read)
        .bind::<BigInt, _>(rejected)
        .prepared()
        .execute(conn)?;
    Ok(kept == 1)
}

/// Lays the work down, so that any process can take it up at once.
pub(super) fn release(conn: &mut Conn, owner: Uuid, job: JobId) -> Result<()> {
    sql_query(
        "UPDATE jobs SET lease_owner = NULL, lease_until = NULL WHERE id = $1 AND lease_owner = $2 AND status = 'running'",
    )
    .bind::<SqlUuid, _>(job)
    .bind::<SqlUuid, _>(owner)
    .execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Piece {
    #[diesel(sql_type = Binary)]
    bytes: Vec<u8>,
}

pub(super) fn chunk(conn: &mut Conn, id: RosterImportId, number: i32) -> Result<Vec<u8>> {
    let piece: Piece = sql_query("SELECT bytes FROM roster_chunks WHERE import_id = $1 AND number = $2")
        .bind::<SqlUuid, _>(id)
        .bind::<Integer, _>(number)
        .get_result(conn)?;
    Ok(piece.bytes)
}
