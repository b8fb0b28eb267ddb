//! Signing in (aanmelden): an API client trades its secret for an access token. Also what a
//! client must know to do so: the metadata of this authorization server and its public keys.

mod attempts;
mod credentials;
mod handlers;
mod model;
mod queries;
mod refusal;
mod rules;

pub use attempts::FailedSignIns;
pub use handlers::{get_authorization_server, get_public_keys, issue_token};
pub use model::{AuthorizationServer, PublicKeys, TokenReply, TokenRequest};
pub use refusal::{OAuthError, Refusal};
