//! Cross-origin requests from the browsers of partner frontends (Fetch standard): a list of exact
//! origins, and everybody for the contract. Tokens travel in a header, so no credentials mode.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, Uri};
use actix_web::web::Data;

use super::{Answer, Edge, Next, on_the_way_out};

/// The contract is meant for everybody's tools.
const CONTRACT: &str = "/v1/openapi.json";
/// What is published is meant for everybody's pages.
const PUBLISHED: &str = "/v1/published-";

const ANY: HeaderValue = HeaderValue::from_static("*");
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
const REQUEST_HEADERS: HeaderValue = HeaderValue::from_static(
    "Accept, Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Traceparent, X-Request-Id",
);
const RESPONSE_HEADERS: HeaderValue = HeaderValue::from_static(
    "API-Version, Content-Disposition, Deprecation, ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, Sunset, X-Request-Id",
);
/// How long a browser may remember a preflight, in seconds.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");
const ORIGIN: HeaderValue = HeaderValue::from_static("Origin");

/// Origins of partner frontends, compared byte for byte.
#[derive(Debug, Clone, Default)]
pub struct Origins(BTreeSet<String>);

/// A configured origin that no browser would ever send, so a mistake in the configuration.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "`{0}` is not an origin; write scheme, host and, unless it is the default, port, such as https://app.example.nl"
)]
pub struct OriginRefused(String);

impl Origins {
    /// Takes the configured origins.
    ///
    /// # Errors
    /// [`OriginRefused`] for anything but `scheme://host[:port]`: wildcards and `null` included.
    pub fn new<S: Into<String>>(origins: impl IntoIterator<Item = S>) -> Result<Self, OriginRefused> {
        let exact = |origin: String| if is_origin(&origin) { Ok(origin) } else { Err(OriginRefused(origin)) };
        origins.into_iter().map(|origin| exact(origin.into())).collect::<Result<_, _>>().map(Self)
    }

    /// The one `Origin` of a request, if it is on the list.
    fn admitted(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let mut given = headers.get_all(header::ORIGIN);
        let origin = given.next()?;
        let known = given.next().is_none() && origin.to_str().is_ok_and(|origin| self.0.contains(origin));
        known.then(|| origin.clone())
    }
}

/// Answers preflights and tells the browser who may read the answer to everything else.
pub(super) async fn apply(edge: Data<Edge>, request: ServiceRequest, next: Next) -> Answer {
    let for_everybody = request.path() == CONTRACT || request.path().starts_with(PUBLISHED);
    let admitted = if for_everybody { Some(ANY) } else { edge.origins.admitted(request.headers()) };
    let preflight = is_preflight(&request);
    let answer =
        if preflight { Ok(request.into_response(HttpResponse::NoContent())) } else { next.call(request).await };
    on_the_way_out(answer, move |headers| {
        if !for_everybody {
            headers.append(header::VARY, ORIGIN);
        }
        let Some(origin) = &admitted else { return };
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        if preflight {
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS);
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        } else {
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, RESPONSE_HEADERS);
        }
    })
}

fn is_preflight(request: &ServiceRequest) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ORIGIN)
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Whether a browser could send this: lower case, no path, no user, no wildcard.
fn is_origin(origin: &str) -> bool {
    let Some((scheme, host)) = origin.split_once("://") else { return false };
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.:[]".contains(&byte);
    matches!(scheme, "http" | "https")
        && host.bytes().all(plain)
        && origin.parse::<Uri>().is_ok_and(|uri| uri.host().is_some_and(|host| !host.is_empty()))
}

#[cfg(test)]
mod unit_tests {
    use super::Origins;

    #[test]
    fn only_exact_origins_can_be_configured() {
        for good in ["https://app.example.nl", "http://localhost:5173", "https://[::1]:8443"] {
            assert!(Origins::new([good]).is_ok(), "{good}");
        }
        for bad in [
            "*",
            "null",
            "",
            "app.example.nl",
            "https://*.example.nl",
            "https://app.example.nl/",
            "https://App.example.nl",
            "https://",
            "https://me@app.example.nl",
            "ftp://app.example.nl",
        ] {
            assert!(Origins::new([bad]).is_err(), "{bad}");
        }
    }
}
