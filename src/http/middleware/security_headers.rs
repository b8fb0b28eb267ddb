//! The headers of every response: the API's version and those the NL API Design Rules ask for.

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderName, HeaderValue};

use super::{Answer, Next, is_documentation, on_the_way_out};

/// The version in the contract's `info.version`.
const API_VERSION: (HeaderName, HeaderValue) =
    (HeaderName::from_static("api-version"), HeaderValue::from_static(env!("CARGO_PKG_VERSION")));

/// Set on every response, whatever the handler says.
const ALWAYS: [(HeaderName, HeaderValue); 4] = [
    (header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
];

/// Nothing we answer is a page, so nothing may be loaded or framed.
const NO_PAGE: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// Swagger UI loads its own scripts and sets styles and data: images from them.
const DOCUMENTATION: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'",
);
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Adds them; a handler's own `Cache-Control` and `Content-Security-Policy` stand.
pub(super) async fn add(request: ServiceRequest, next: Next) -> Answer {
    let policy = if is_documentation(request.path()) { DOCUMENTATION } else { NO_PAGE };
    let answer = next.call(request).await;
    on_the_way_out(answer, move |headers| {
        for (name, value) in ALWAYS.into_iter().chain([API_VERSION]) {
            headers.insert(name, value);
        }
        for (name, value) in [(header::CACHE_CONTROL, NO_STORE), (header::CONTENT_SECURITY_POLICY, policy.clone())] {
            if !headers.contains_key(&name) {
                headers.insert(name, value);
            }
        }
    })
}
