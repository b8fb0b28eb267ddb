//! The client behind a sign-in.

use diesel::sql_types::{Array, Binary, Nullable, Text, Uuid as SqlUuid};
use diesel::{OptionalExtension as _, QueryableByName, RunQueryDsl as _, sql_query};

use crate::auth::secret::SecretHash;
use crate::db::{Conn, Prepare as _};
use crate::error::Result;
use crate::kernel::ids::{ClientId, OrganisationId, RegionId};
use crate::kernel::role::Role;

/// A client that was not revoked, with its valid secrets and, for a bureau, its regions.
#[derive(QueryableByName)]
pub(super) struct SigningIn {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: ClientId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) organisation_id: OrganisationId,
    #[diesel(sql_type = Text)]
    pub(super) role: Role,
    #[diesel(sql_type = Array<Text>)]
    pub(super) scopes: Vec<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) person_ref: Option<String>,
    #[diesel(sql_type = Array<SqlUuid>)]
    pub(super) regions: Vec<RegionId>,
    #[diesel(sql_type = Array<Binary>)]
    secret_hashes: Vec<Vec<u8>>,
}

impl SigningIn {
    /// The hashes of its valid secrets.
    pub(super) fn secrets(&self) -> Vec<SecretHash> {
        self.secret_hashes.iter().filter_map(|bytes| SecretHash::stored(bytes)).collect()
    }
}

/// Everything a token needs in one statement, so that a known client takes as long as an unknown one.
pub(super) fn find(conn: &mut Conn, id: ClientId) -> Result<Option<SigningIn>> {
    let found = sql_query(
        "SELECT c.id, c.organisation_id, c.role, c.scopes, c.person_ref, \
           CASE WHEN c.role = 'region' THEN ARRAY( \
             SELECT r.id FROM regions r WHERE r.bureau_organisation_id = c.organisation_id ORDER BY r.id) \
             ELSE '{}' END AS regions, \
           ARRAY(SELECT s.secret_hash FROM client_secrets s WHERE s.client_id = c.id AND s.revoked_at IS NULL \
             AND (s.expires_at IS NULL OR s.expires_at > now())) AS secret_hashes \
         FROM clients c WHERE c.id = $1 AND c.revoked_at IS NULL",
    )
    .bind::<SqlUuid, _>(id)
    .prepared()
    .get_result(conn)
    .optional()?;
    Ok(found)
}
