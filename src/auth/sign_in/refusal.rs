//! Why no token is issued, in the words of RFC 6749 (section 5.2).

use std::fmt;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::openapi::{RefOr, Response};
use utoipa::{IntoResponses, ToSchema};

use crate::error::Error;

/// What is wrong with a token request.
#[derive(Debug)]
pub enum Refusal {
    /// 400 `invalid_request`: malformed, with the reason.
    InvalidRequest(&'static str),
    /// 401 `invalid_client`: unknown client, wrong secret or revoked; one answer for all.
    InvalidClient,
    /// 400 `unsupported_grant_type`.
    UnsupportedGrantType,
    /// 400 `invalid_scope`: nothing of what was asked for can be given.
    InvalidScope,
    /// What is no matter of OAuth, such as 429 or 503: a problem like everywhere else.
    Other(Error),
}

/// The body of a refused token request (RFC 6749).
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"error": "invalid_client", "error_description": "Unknown client or wrong secret."}))]
pub struct OAuthError {
    /// Stable code.
    #[schema(value_type = String, max_length = 64)]
    pub error: &'static str,
    /// What is wrong and what to do.
    #[schema(value_type = String, max_length = 500)]
    pub error_description: &'static str,
}

impl OAuthError {
    const INVALID_CLIENT: &'static str = "invalid_client";

    const fn new(error: &'static str, error_description: &'static str) -> Self {
        Self { error, error_description }
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.error)
    }
}

impl ResponseError for OAuthError {
    fn status_code(&self) -> StatusCode {
        if self.error == Self::INVALID_CLIENT { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if self.error == Self::INVALID_CLIENT {
            response.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"stagepunt\""));
        }
        response
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::PRAGMA, "no-cache"))
            .json(self)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl From<Refusal> for actix_web::Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::InvalidRequest(reason) => OAuthError::new("invalid_request", reason).into(),
            Refusal::InvalidClient => OAuthError::new(
                OAuthError::INVALID_CLIENT,
                "Unknown client or wrong secret, or the client was revoked.",
            )
            .into(),
            Refusal::UnsupportedGrantType => {
                OAuthError::new("unsupported_grant_type", "The only grant type here is client_credentials.").into()
            }
            Refusal::InvalidScope => OAuthError::new(
                "invalid_scope",
                "None of these scopes was granted to this client within its role; leave scope out for all it has.",
            )
            .into(),
            Refusal::Other(error) => error.into(),
        }
    }
}

/// Documented at the handler, where the media types differ.
impl IntoResponses for Refusal {
    fn responses() -> std::collections::BTreeMap<String, RefOr<Response>> {
        std::collections::BTreeMap::new()
    }
}
