//! The token endpoint and what is published about it.

use actix_web::error::UrlencodedError;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Form};
use actix_web::{HttpRequest, HttpResponse, Responder, get, post};
use utoipa::IntoResponses;
use utoipa::openapi::{RefOr, Response};

use super::attempts::FailedSignIns;
use super::credentials::Credentials;
use super::model::{AuthorizationServer, PublicKeys, TokenReply, TokenRequest};
use super::queries::{self, SigningIn};
use super::refusal::{OAuthError, Refusal};
use super::rules::granted_scopes;
use crate::auth::Anyone;
use crate::auth::TOKEN_LIFETIME;
use crate::auth::secret::SecretHash;
use crate::auth::token::{Subject, Tokens};
use crate::db::{Db, Job};
use crate::error::{Error, Result};
use crate::http::proxies::Proxies;
use crate::http::reply::{Listed, Published};

/// Get an access token
///
/// Trades a client id and secret for an access token (toegangstoken) that lives ten minutes:
/// OAuth 2.0 client credentials, RFC 6749 section 4.4. Send id and secret as
/// `Authorization: Basic` or as `client_id` and `client_secret` in the body, not both. The
/// token holds the scopes asked for, as far as the client was granted them and its role allows
/// them; without `scope`, all of those. After ten failures in a minute, of one client or from
/// one address, the answer to a failure is 429.
#[utoipa::path(
    tag = "Sign-in",
    security(()),
    request_body(
        content = TokenRequest,
        content_type = "application/x-www-form-urlencoded",
        description = "The grant type, and the client's id and secret unless they are in the header."
    ),
    responses(
        (status = 200, description = "The token. Never cached.", body = TokenReply, headers(
            ("Cache-Control" = String, description = "Always `no-store`.")
        )),
        (status = 400, description = "Malformed, another grant type, or no scope that can be given.", body = OAuthError,
            example = json!({"error": "unsupported_grant_type", "error_description": "The only grant type here is client_credentials."})),
        (status = 401, description = "Unknown client, wrong secret, or revoked: one answer for all.", body = OAuthError, headers(
            ("WWW-Authenticate" = String, description = "`Basic`.")
        )),
    )
)]
#[post("/oauth/token")]
pub async fn issue_token(
    _: Anyone,
    request: HttpRequest,
    form: Result<Form<TokenRequest>, actix_web::Error>,
    db: Data<Db>,
    tokens: Data<Tokens>,
    failed: Data<FailedSignIns>,
    proxies: Data<Proxies>,
) -> Result<TokenReply, Refusal> {
    let form = form.map_err(|error| unreadable(&error))?.into_inner();
    if !request.query_string().is_empty() {
        return Err(Refusal::InvalidRequest("Parameters belong in the body, never in the address."));
    }
    match form.grant_type.as_deref() {
        Some("client_credentials") => {}
        None | Some("") => return Err(Refusal::InvalidRequest("The parameter grant_type is missing.")),
        Some(_) => return Err(Refusal::UnsupportedGrantType),
    }
    let Credentials { client, secret } = Credentials::of(request.headers(), &form)?;
    let found = db.run_as_system(Job::SignIn, move |conn| queries::find(conn, client)).await?;
    let secrets = found.as_ref().map(SigningIn::secrets).unwrap_or_default();
    let matches = SecretHash::any_matches(&secrets, &secret);
    let Some(found) = found.filter(|_| matches) else {
        failed.count(client, proxies.caller(request.peer_addr(), request.headers()))?;
        return Err(Refusal::InvalidClient);
    };
    // RFC 6749: a parameter without a value counts as left out.
    let wanted = form.scope.as_deref().filter(|scope| !scope.is_empty());
    let scopes = granted_scopes(&found.scopes, found.role, wanted);
    if scopes.is_empty() {
        return Err(Refusal::InvalidScope);
    }
    let scope = scopes.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    let access_token = tokens.mint(Subject {
        client: found.id,
        organisation: found.organisation_id,
        role: found.role,
        scopes,
        regions: found.regions,
        person: found.person_ref,
    })?;
    Ok(TokenReply { access_token, token_type: "Bearer", expires_in: TOKEN_LIFETIME, scope })
}

fn unreadable(error: &actix_web::Error) -> Refusal {
    match error.as_error::<UrlencodedError>() {
        Some(UrlencodedError::ContentType) => Error::of_framework(StatusCode::UNSUPPORTED_MEDIA_TYPE).into(),
        Some(UrlencodedError::Overflow { .. }) => Error::of_framework(StatusCode::PAYLOAD_TOO_LARGE).into(),
        _ => Refusal::InvalidRequest("The body is not a form with each parameter once."),
    }
}

impl Responder for TokenReply {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::PRAGMA, "no-cache"))
            .json(self)
    }
}

/// Documented at the handler, beside its failures.
impl IntoResponses for TokenReply {
    fn responses() -> std::collections::BTreeMap<String, RefOr<Response>> {
        std::collections::BTreeMap::new()
    }
}

/// Read how to get a token
///
/// The metadata of this authorization server (RFC 8414): where the token endpoint and the
/// public keys are, and which grant types and scopes there are.
#[utoipa::path(tag = "Sign-in", security(()))]
#[get("/.well-known/oauth-authorization-server")]
pub async fn get_authorization_server(_: Anyone, tokens: Data<Tokens>) -> Result<Published<AuthorizationServer>> {
    Published::of(&AuthorizationServer::at(tokens.issuer()))
}

/// Read the public keys
///
/// The public halves of the keys that sign access tokens (RFC 7517). Before a new key signs it
/// is listed beside the one before it, so that keys change without a single refused token.
#[utoipa::path(tag = "Sign-in", security(()))]
#[get("/.well-known/jwks.json")]
pub async fn get_public_keys(_: Anyone, tokens: Data<Tokens>) -> Result<Listed<PublicKeys>> {
    Listed::of(&PublicKeys { keys: tokens.public_keys()? })
}
