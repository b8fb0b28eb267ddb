//! Links in the database.

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Binary, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{OptionalExtension as _, QueryableByName, RunQueryDsl as _, sql_query};
use uuid::Uuid;

use super::model::LinkPurpose;
use super::token::LinkToken;
use crate::db::{Conn, Prepare as _};
use crate::error::{Error, Result};
use crate::kernel::coded::Coded as _;
use crate::kernel::ids::{LinkId, OrganisationId};

/// A link that works.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Live {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: LinkId,
    #[diesel(sql_type = Text)]
    pub(super) purpose: LinkPurpose,
    #[diesel(sql_type = SqlUuid)]
    pub(super) resource_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(super) organisation_id: OrganisationId,
    #[diesel(sql_type = Timestamptz)]
    pub(super) expires_at: DateTime<Utc>,
}

/// The link with this hash, if it works and is for one of these purposes.
pub(super) fn find_live(conn: &mut Conn, hash: [u8; 32], purposes: &[LinkPurpose]) -> Result<Option<Live>> {
    let purposes: Vec<&str> = purposes.iter().map(|purpose| purpose.code()).collect();
    let found = sql_query(
        "SELECT id, purpose, resource_id, organisation_id, expires_at FROM links \
         WHERE token_hash = $1 AND purpose = ANY ($2) \
         AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()",
    )
    .bind::<Binary, _>(hash.to_vec())
    .bind::<Array<Text>, _>(purposes)
    .prepared()
    .get_result(conn)
    .optional()?;
    Ok(found)
}

/// Makes the link of a resource, in the name of the calling organisation, and revokes the one
/// before it. The token is to be mailed and told to nobody else.
///
/// # Errors
/// 409 while a link that the caller may not revoke stands; 503 when the database cannot serve.
pub fn issue(
    conn: &mut Conn,
    purpose: LinkPurpose,
    resource_id: impl Into<Uuid>,
    organisation: OrganisationId,
) -> Result<LinkToken> {
    let resource_id = resource_id.into();
    revoke_for(conn, purpose, resource_id)?;
    let token = LinkToken::generate()?;
    sql_query("INSERT INTO links (id, token_hash, purpose, resource_id, organisation_id) VALUES ($1, $2, $3, $4, $5)")
        .bind::<SqlUuid, _>(LinkId::new())
        .bind::<Binary, _>(digest(&SHA256, token.reveal().as_bytes()).as_ref().to_vec())
        .bind::<Text, _>(purpose.code())
        .bind::<SqlUuid, _>(resource_id)
        .bind::<SqlUuid, _>(organisation)
        .prepared()
        .execute(conn)?;
    Ok(token)
}

/// Revokes the link of a resource; returns whether there was one that had not been used.
///
/// # Errors
/// 503 when the database cannot serve.
pub fn revoke_for(conn: &mut Conn, purpose: LinkPurpose, resource_id: impl Into<Uuid>) -> Result<bool> {
    let revoked = sql_query(
        "UPDATE links SET revoked_at = now() \
         WHERE purpose = $1 AND resource_id = $2 AND used_at IS NULL AND revoked_at IS NULL",
    )
    .bind::<Text, _>(purpose.code())
    .bind::<SqlUuid, _>(resource_id.into())
    .prepared()
    .execute(conn)?;
    Ok(revoked > 0)
}

/// Uses the calling link up, in the transaction of what it was used for.
///
/// # Errors
/// 401 when it was used, revoked or ran out in the meantime; 409 while another act with it is
/// under way for longer than a request waits.
pub fn burn(conn: &mut Conn) -> Result<()> {
    let burnt = sql_query(
        "UPDATE links SET used_at = now() \
         WHERE id = app_link() AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()",
    )
    .prepared()
    .execute(conn)?;
    if burnt == 1 { Ok(()) } else { Err(Error::Unauthenticated) }
}
