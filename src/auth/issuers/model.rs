//! What a token issuer is, on the wire and in its table.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::page::Filter;
use crate::http::patch::Change;
use crate::http::reply::Resource;
use crate::kernel::formats::WebAddress;
use crate::kernel::ids::{IssuerId, OrganisationId};
use crate::kernel::role::Role;
use crate::kernel::text::Line;
use crate::schema::issuers;

crate::code_lists! {
    /// A way of signing tokens; shared secrets and unsigned tokens are never accepted.
    SigningAlgorithm "signing-algorithm" {
        Es256 "ES256" "ECDSA met P-256" "ECDSA with P-256";
        Es384 "ES384" "ECDSA met P-384" "ECDSA with P-384";
        EdDsa "EdDSA" "EdDSA" "EdDSA";
        Ps256 "PS256" "RSA-PSS met SHA-256" "RSA-PSS with SHA-256";
        Rs256 "RS256" "RSA met SHA-256" "RSA with SHA-256";
    }
}

crate::pages! {
    TokenIssuerPage of TokenIssuer;
}

/// Which claim of the provider says what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClaimMap {
    /// The claim that identifies the person.
    pub person: Line<64>,
    /// The claim that holds the id of the organisation; without it, the one organisation that
    /// is allowed.
    pub organisation: Option<Line<64>>,
    /// The claim that holds the role; without it, the one role that is allowed.
    pub role: Option<Line<64>>,
}

/// A token issuer (identiteitsaanbieder): an identity provider whose tokens are exchanged for ours.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenIssuer {
    /// Identifies the entry.
    pub id: IssuerId,
    /// The claim `iss`, compared exactly.
    #[schema(format = "uri", max_length = 2000)]
    pub issuer: String,
    /// Where its public keys are; no other address is ever fetched.
    #[schema(format = "uri", max_length = 2000)]
    pub jwks_url: String,
    /// Ways of signing that are accepted from it.
    #[schema(max_items = 5)]
    pub algorithms: Vec<SigningAlgorithm>,
    /// What its claim `aud` must hold.
    #[schema(max_length = 200)]
    pub audience: String,
    /// Roles its tokens may be exchanged for.
    #[schema(max_items = 4)]
    pub allowed_roles: Vec<Role>,
    /// Organisations it may vouch for.
    #[schema(max_items = 1000)]
    pub allowed_organisation_ids: Vec<OrganisationId>,
    /// Which of its claims says what.
    pub claim_map: ClaimMap,
    /// Whether its tokens are taken.
    pub active: bool,
    /// Counts changes of the entry.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for TokenIssuer {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/token-issuers/{}", self.id)
    }
}

/// A new token issuer, active from the start.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateTokenIssuer {
    /// The claim `iss`, for ever; compared exactly, slash at the end included.
    pub issuer: WebAddress,
    /// Where its public keys are.
    pub jwks_url: WebAddress,
    /// Ways of signing to accept, each once.
    #[validate(length(min = 1, max = 5))]
    #[schema(min_items = 1, max_items = 5)]
    pub algorithms: Vec<SigningAlgorithm>,
    /// What its claim `aud` must hold.
    pub audience: Line<200>,
    /// Roles its tokens may be exchanged for, each once; never `platform`.
    #[validate(length(min = 1, max = 4))]
    #[schema(min_items = 1, max_items = 4)]
    pub allowed_roles: Vec<Role>,
    /// Organisations it may vouch for, each once.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_items = 1, max_items = 1000)]
    pub allowed_organisation_ids: Vec<OrganisationId>,
    /// Which of its claims says what.
    #[validate(nested)]
    pub claim_map: ClaimMap,
}

/// Changes to a token issuer: what is absent stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchTokenIssuer {
    /// Where its public keys are.
    #[serde(default)]
    pub jwks_url: Change<WebAddress>,
    /// Ways of signing to accept: the whole list, each once.
    #[serde(default)]
    #[validate(length(min = 1, max = 5))]
    #[schema(min_items = 1, max_items = 5)]
    pub algorithms: Change<Vec<SigningAlgorithm>>,
    /// What its claim `aud` must hold.
    #[serde(default)]
    pub audience: Change<Line<200>>,
    /// Roles its tokens may be exchanged for: the whole list, each once; never `platform`.
    #[serde(default)]
    #[validate(length(min = 1, max = 4))]
    #[schema(min_items = 1, max_items = 4)]
    pub allowed_roles: Change<Vec<Role>>,
    /// Organisations it may vouch for: the whole list, each once.
    #[serde(default)]
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_items = 1, max_items = 1000)]
    pub allowed_organisation_ids: Change<Vec<OrganisationId>>,
    /// Which of its claims says what: the whole map.
    #[serde(default)]
    #[validate(nested)]
    pub claim_map: Change<ClaimMap>,
    /// False refuses its tokens from now on; an entry is never deleted.
    #[serde(default)]
    pub active: Change<bool>,
}

/// Which token issuers to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TokenIssuerFilter {
    /// Only active ones, or only others.
    pub active: Option<bool>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for TokenIssuerFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a new issuer.
#[derive(Debug, Insertable)]
#[diesel(table_name = issuers)]
pub(super) struct NewIssuer {
    pub(super) id: IssuerId,
    issuer: WebAddress,
    jwks_url: WebAddress,
    algorithms: Vec<SigningAlgorithm>,
    audience: Line<200>,
    allowed_roles: Vec<Role>,
    allowed_organisation_ids: Vec<OrganisationId>,
    claim_map: serde_json::Value,
}

/// The columns a change sets; what is absent stays.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = issuers)]
pub(super) struct IssuerChanges {
    jwks_url: Option<WebAddress>,
    algorithms: Option<Vec<SigningAlgorithm>>,
    audience: Option<Line<200>>,
    allowed_roles: Option<Vec<Role>>,
    allowed_organisation_ids: Option<Vec<OrganisationId>>,
    claim_map: Option<serde_json::Value>,
    active: Option<bool>,
    version: i32,
}

/// What rules need to know of an issuer that is about to change.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = issuers)]
pub(super) struct Standing {
    pub(super) allowed_roles: Vec<Role>,
    pub(super) allowed_organisation_ids: Vec<OrganisationId>,
    pub(super) claim_map: serde_json::Value,
    pub(super) version: i32,
}

impl ClaimMap {
    /// As it is stored.
    fn into_json(self) -> serde_json::Value {
        serde_json::json!({ "person": self.person, "organisation": self.organisation, "role": self.role })
    }

    /// As it was stored.
    pub(super) fn from_json(stored: serde_json::Value) -> crate::error::Result<Self> {
        serde_json::from_value(stored).map_err(crate::error::Error::internal)
    }
}

impl CreateTokenIssuer {
    /// The row of this new issuer.
    pub(super) fn into_row(self) -> NewIssuer {
        NewIssuer {
            id: IssuerId::new(),
            issuer: self.issuer,
            jwks_url: self.jwks_url,
            algorithms: self.algorithms,
            audience: self.audience,
            allowed_roles: self.allowed_roles,
            allowed_organisation_ids: self.allowed_organisation_ids,
            claim_map: self.claim_map.into_json(),
        }
    }
}

impl PatchTokenIssuer {
    /// The change to version `version`.
    pub(super) fn into_changes(self, version: i32) -> IssuerChanges {
        IssuerChanges {
            jwks_url: self.jwks_url.into_change(),
            algorithms: self.algorithms.into_change(),
            audience: self.audience.into_change(),
            allowed_roles: self.allowed_roles.into_change(),
            allowed_organisation_ids: self.allowed_organisation_ids.into_change(),
            claim_map: self.claim_map.into_change().map(ClaimMap::into_json),
            active: self.active.into_change(),
            version: version + 1,
        }
    }
}
