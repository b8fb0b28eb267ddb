//! What every operation can answer besides success, and the headers of every answer; each stands
//! once in the contract and is referred to.

use std::collections::BTreeMap;

use utoipa::ToSchema as _;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::{
    Components, ContentBuilder, Header, HeaderBuilder, HttpMethod, ObjectBuilder, Ref, RefOr, Response, Schema,
    schema::Type,
};

use super::contract::{has, has_several_forms, is_secured};
use crate::http::problem::{PROBLEM_JSON, Problem};

/// A failure: its status, its name in the contract, and what it means.
type Failure = (u16, &'static str, &'static str);

const INVALID_INPUT: Failure = (400, "InvalidInput", "The input is not right; all faults are listed.");
const UNAUTHENTICATED: Failure =
    (401, "Unauthenticated", "No, bad or expired token, or a link that does not work (any more).");
const FORBIDDEN: Failure = (
    403,
    "Forbidden",
    "`scope-missing`: the token or role lacks the right, named in `scope`; `not-permitted-on-resource` or `mandate-missing`: on a resource the caller can see; `link-needed`: only for whoever was mailed a link.",
);
const NOT_FOUND: Failure = (404, "NotFound", "Not there, or not yours: the same answer for both.");
const NOT_ACCEPTABLE: Failure = (406, "NotAcceptable", "`Accept` wants none of the media types of the answer.");
const TOO_SLOW: Failure = (408, "TooSlow", "The body did not arrive in time.");
const CONFLICT: Failure = (409, "Conflict", "The state forbids it; `code` says why.");
const VERSION_MISMATCH: Failure = (412, "VersionMismatch", "It changed since it was read.");
const TOO_LARGE: Failure = (413, "TooLarge", "The body is too large.");
const UNSUPPORTED: Failure = (415, "UnsupportedMediaType", "Another media type, or a compressed body.");
const KEY_REUSED: Failure = (422, "IdempotencyKeyReused", "The Idempotency-Key belongs to another request.");
const IF_MATCH_REQUIRED: Failure = (428, "IfMatchRequired", "If-Match is missing.");
const TOO_MANY_REQUESTS: Failure = (429, "TooManyRequests", "Too many requests; wait for Retry-After.");
const INTERNAL: Failure = (500, "InternalError", "A defect on our side; it was reported.");
const UNAVAILABLE: Failure = (503, "Unavailable", "It has certainly not happened; retry after Retry-After.");
const OUTCOME_UNKNOWN: Failure =
    (504, "OutcomeUnknown", "It may have happened; repeat with the same Idempotency-Key for the true answer.");

const ALL: [Failure; 16] = [
    INVALID_INPUT,
    UNAUTHENTICATED,
    FORBIDDEN,
    NOT_FOUND,
    NOT_ACCEPTABLE,
    TOO_SLOW,
    CONFLICT,
    VERSION_MISMATCH,
    TOO_LARGE,
    UNSUPPORTED,
    KEY_REUSED,
    IF_MATCH_REQUIRED,
    TOO_MANY_REQUESTS,
    INTERNAL,
    UNAVAILABLE,
    OUTCOME_UNKNOWN,
];

/// Headers that any answer can carry.
const EVERYWHERE: [(&str, &str); 5] = [
    ("API-Version", "Version of this API (SemVer)."),
    ("X-Request-Id", "Names this request; give it to support."),
    ("RateLimit-Policy", "How many requests are admitted: `q` in `w` seconds. Absent where nothing is counted."),
    ("RateLimit", "What is left of it: `r` requests; all of them again in `t` seconds."),
    (
        "Access-Control-Allow-Origin",
        "The origin of the partner frontend that asked, if it is on our list; `*` for the contract.",
    ),
];

/// Characters that a header holds at most.
const LONGEST: usize = 1000;

const RETRY_AFTER: (&str, &str) = ("Retry-After", "Seconds to wait before the next try.");
const WWW_AUTHENTICATE: (&str, &str) = ("WWW-Authenticate", "How to sign in (RFC 6750).");

/// Puts what all operations share into the contract.
pub(super) fn share(components: &mut Components) {
    for (name, description) in EVERYWHERE.into_iter().chain([RETRY_AFTER, WWW_AUTHENTICATE]) {
        components.headers.insert(name.to_owned(), header(description).into());
    }
    for failure in ALL {
        components.responses.insert(failure.1.to_owned(), problem(failure).into());
    }
}

/// Every failure that can come, by what the operation takes in. Below the base path a query that is not
/// in the contract is refused everywhere.
pub(super) fn failures(method: &HttpMethod, operation: &mut Operation, only_reads: bool, below_base: bool) {
    let secured = is_secured(operation);
    let takes_body = operation.request_body.is_some();
    let takes_parameters = operation.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty());
    let mut failures = vec![TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE];
    if secured {
        failures.extend([UNAUTHENTICATED, FORBIDDEN]);
    }
    if has(operation, &ParameterIn::Path) {
        failures.push(NOT_FOUND);
    }
    if below_base || takes_parameters || takes_body {
        failures.push(INVALID_INPUT);
    }
    if has_several_forms(operation) {
        failures.push(NOT_ACCEPTABLE);
    }
    if takes_body {
        failures.extend([TOO_SLOW, TOO_LARGE, UNSUPPORTED]);
    }
    if secured && *method != HttpMethod::Get {
        failures.extend([CONFLICT, OUTCOME_UNKNOWN]);
    }
    match method {
        HttpMethod::Patch | HttpMethod::Delete => failures.extend([VERSION_MISMATCH, IF_MATCH_REQUIRED]),
        HttpMethod::Put => failures.push(VERSION_MISMATCH),
        HttpMethod::Post if secured && !only_reads => failures.push(KEY_REUSED),
        _ => {}
    }
    for (status, name, _) in failures {
        let shared = Ref::new(format!("#/components/responses/{name}"));
        operation.responses.responses.entry(status.to_string()).or_insert_with(|| shared.into());
    }
}

/// Headers of the operation's own responses.
pub(super) fn headers(operation: &mut Operation) {
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            response.headers.values_mut().for_each(limit);
            add_headers(&mut response.headers, EVERYWHERE);
        }
    }
}

fn problem((status, _, description): Failure) -> Response {
    let mut response = ResponseBuilder::new()
        .description(description)
        .content(PROBLEM_JSON, ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build())
        .build();
    add_headers(&mut response.headers, EVERYWHERE);
    match status {
        401 => add_headers(&mut response.headers, [WWW_AUTHENTICATE]),
        429 | 503 => add_headers(&mut response.headers, [RETRY_AFTER]),
        _ => {}
    }
    response
}

fn add_headers<const N: usize>(headers: &mut BTreeMap<String, RefOr<Header>>, added: [(&str, &str); N]) {
    for (name, _) in added {
        headers.insert(name.to_owned(), RefOr::Ref(Ref::new(format!("#/components/headers/{name}"))));
    }
}

/// Headers that a handler documents come without a limit.
fn limit(header: &mut RefOr<Header>) {
    if let RefOr::T(Header { schema: Some(RefOr::T(Schema::Object(value))), .. }) = header {
        value.max_length.get_or_insert(LONGEST);
    }
}

fn header(description: &str) -> Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).max_length(Some(LONGEST))))
        .description(Some(description))
        .build()
}
