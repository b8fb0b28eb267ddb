//! What goes in and out at sign-in, named as RFC 6749, RFC 7517 and RFC 8414 name it.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::keys::PublicKey;
use crate::auth::permissions;

/// What a client sends for a token. Parameters we do not know are ignored, as RFC 6749 demands.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"grant_type": "client_credentials", "scope": "initiatives:read me:read"}))]
pub struct TokenRequest {
    /// Always `client_credentials`.
    #[schema(value_type = String, required = true, max_length = 100)]
    pub grant_type: Option<String>,
    /// Scopes wanted, separated by spaces; without it, all that the client may have.
    #[schema(value_type = String, required = false, max_length = 8000)]
    pub scope: Option<String>,
    /// The client's id, unless it is in the header `Authorization: Basic`.
    #[schema(value_type = String, required = false, max_length = 100)]
    pub client_id: Option<String>,
    /// The client's secret, unless it is in the header `Authorization: Basic`.
    #[schema(value_type = String, required = false, max_length = 200, format = "password")]
    pub client_secret: Option<String>,
}

/// An access token (toegangstoken) and what it is good for.
#[derive(Serialize, ToSchema)]
pub struct TokenReply {
    /// The token: send it as `Authorization: Bearer …`. Its content is ours; do not rely on it.
    #[schema(max_length = 8192)]
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(value_type = String, max_length = 10)]
    pub token_type: &'static str,
    /// Seconds until it expires.
    #[schema(minimum = 1, maximum = 600)]
    pub expires_in: i64,
    /// The scopes it holds: what was asked for, as far as the client was granted it and its
    /// role allows it.
    #[schema(max_length = 8000)]
    pub scope: String,
}

impl fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest").field("scope", &self.scope).finish_non_exhaustive()
    }
}

impl fmt::Debug for TokenReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenReply").field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// The keys that sign access tokens (RFC 7517). Two are listed while one takes over from the other.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicKeys {
    /// The published keys, oldest first.
    #[schema(max_items = 20)]
    pub keys: Vec<PublicKey>,
}

/// How to get a token here (RFC 8414).
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorizationServer {
    /// The issuer, as in the claim `iss`.
    #[schema(format = "uri", max_length = 2000)]
    pub issuer: String,
    /// Where tokens are issued.
    #[schema(format = "uri", max_length = 2000)]
    pub token_endpoint: String,
    /// Where the public keys are.
    #[schema(format = "uri", max_length = 2000)]
    pub jwks_uri: String,
    /// Every scope there is; which of them a client gets depends on its grant and role.
    #[schema(value_type = Vec<crate::kernel::text::Line<64>>, max_items = 500)]
    pub scopes_supported: Vec<&'static str>,
    /// Empty: there is no authorization endpoint.
    #[schema(value_type = Vec<crate::kernel::text::Line<64>>, max_items = 10)]
    pub response_types_supported: [&'static str; 0],
    /// `client_credentials`.
    #[schema(value_type = Vec<crate::kernel::text::Line<64>>, max_items = 10)]
    pub grant_types_supported: [&'static str; 1],
    /// Where a client may put its secret: header or body.
    #[schema(value_type = Vec<crate::kernel::text::Line<64>>, max_items = 10)]
    pub token_endpoint_auth_methods_supported: [&'static str; 2],
    /// Documentation for people.
    #[schema(format = "uri", max_length = 2000)]
    pub service_documentation: String,
}

impl AuthorizationServer {
    /// The metadata of the server at this public base URL.
    #[must_use]
    pub fn at(issuer: &str) -> Self {
        Self {
            issuer: issuer.to_owned(),
            token_endpoint: format!("{issuer}/oauth/token"),
            jwks_uri: format!("{issuer}/.well-known/jwks.json"),
            scopes_supported: permissions::TABLE.iter().map(|grant| grant.scope).collect(),
            response_types_supported: [],
            grant_types_supported: ["client_credentials"],
            token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
            service_documentation: format!("{issuer}/docs"),
        }
    }
}
