//! What a token says (RFC 9068).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{LEEWAY, Subject};
use crate::auth::TOKEN_LIFETIME;
use crate::kernel::ids::{ClientId, OrganisationId, RegionId};
use crate::kernel::role::Role;

/// The claims of a token of ours. Types are strict: a date is an integer, `aud` one text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) sub: String,
    pub(super) aud: String,
    pub(super) exp: i64,
    pub(super) nbf: i64,
    pub(super) iat: i64,
    pub(super) jti: Uuid,
    pub(super) client_id: ClientId,
    pub(super) scope: String,
    pub(super) role: Role,
    pub(super) org: OrganisationId,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) region: Vec<RegionId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) person: Option<String>,
}

impl Claims {
    pub(super) fn new(subject: Subject, issuer: &str, audience: &str, now: i64) -> Self {
        Self {
            iss: issuer.to_owned(),
            sub: subject.client.to_string(),
            aud: audience.to_owned(),
            exp: now + TOKEN_LIFETIME,
            nbf: now,
            iat: now,
            jti: Uuid::new_v4(),
            client_id: subject.client,
            scope: subject.scopes.into_iter().collect::<Vec<_>>().join(" "),
            role: subject.role,
            org: subject.organisation,
            region: subject.regions,
            person: subject.person,
        }
    }

    /// Whether the token counts at `now`: about somebody, begun, not over, and no longer-lived
    /// than ours are.
    pub(super) const fn in_force(&self, now: i64) -> bool {
        let latest_start = now.saturating_add(LEEWAY);
        !self.sub.is_empty()
            && self.nbf >= 0
            && self.iat >= 0
            && self.nbf <= latest_start
            && self.iat <= latest_start
            && now <= self.exp.saturating_add(LEEWAY)
            && self.exp <= latest_start.saturating_add(TOKEN_LIFETIME)
    }
}
