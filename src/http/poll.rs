//! Resources that tell how far long work is: 200 says when to look again, until the work has ended.

use std::collections::BTreeMap;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse, Responder};
use utoipa::openapi::{RefOr, Response};
use utoipa::{IntoResponses, ToSchema};

use super::reply::{Found, Resource, text_header};
use crate::error::Result;

/// Seconds from one look to the next.
pub(super) const SECONDS: &str = "2";

/// 200 with one resource as [`Found`] has it, and `Retry-After` while more becomes of it.
#[derive(Debug, Clone)]
pub struct Polled<T> {
    found: Found<T>,
    unfinished: bool,
}

/// Work that somebody waits for.
pub trait Unfinished {
    /// Whether more becomes of it without anybody doing anything.
    fn is_unfinished(&self) -> bool;
}

impl<T: Resource + Unfinished> Polled<T> {
    /// Serialises the resource.
    ///
    /// # Errors
    /// Only a defect of ours.
    pub fn of(resource: &T) -> Result<Self> {
        Ok(Self { found: Found::of(resource)?, unfinished: resource.is_unfinished() })
    }
}

impl<T> Responder for Polled<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let mut response = self.found.respond_to(request);
        if self.unfinished {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(SECONDS));
        }
        response
    }
}

impl<T: ToSchema> IntoResponses for Polled<T> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = Found::<T>::responses();
        if let Some(RefOr::T(response)) = responses.get_mut(StatusCode::OK.as_str()) {
            let header = text_header("Seconds after which to look again; absent once it has ended.");
            response.headers.insert("Retry-After".to_owned(), header.into());
        }
        responses
    }
}
