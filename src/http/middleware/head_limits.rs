//! How large the head of a request may be; far below what the server itself would buffer.

use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;

use super::{Answer, Next};
use crate::error::{Error, Rule};

/// Request target and header fields together, in bytes.
const LARGEST: usize = 16 * 1024;

const HEAD_TOO_LARGE: Rule = Rule {
    code: "head-too-large",
    nl: "De URL en de headers zijn samen groter dan 16 KiB; zet lange invoer in de body.",
    en: "The URL and the headers together are larger than 16 KiB; put long input in the body.",
};

/// Refuses a larger head with 431.
pub(super) async fn limit(request: ServiceRequest, next: Next) -> Answer {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    let fields: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if target + fields > LARGEST {
        let refused = Error::Refused(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, &HEAD_TOO_LARGE);
        return Ok(request.error_response(refused));
    }
    next.call(request).await
}
