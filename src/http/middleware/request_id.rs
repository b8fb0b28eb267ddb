//! Every request has a name that the caller, the logs and the audit trail share.

use actix_web::HttpMessage as _;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use super::{Answer, Next, on_the_way_out};

/// The header both ways.
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The longest name a caller may give, in characters.
const LONGEST: usize = 64;

/// What a request is called.
#[derive(Debug, Clone)]
pub struct RequestId {
    /// As shown to the caller: the given `X-Request-Id` where it is usable, else [`Self::id`].
    pub shown: String,
    /// As kept in audit rows: the given one where it is a uuid, else made here.
    pub id: Uuid,
    /// The trace this request belongs to (W3C trace context), 32 hexadecimal digits.
    pub trace: Option<String>,
}

impl RequestId {
    fn of(headers: &HeaderMap) -> Self {
        let given = only(headers, &X_REQUEST_ID).filter(|name| is_usable(name));
        let id = given.and_then(|name| Uuid::try_parse(name).ok()).unwrap_or_else(Uuid::now_v7);
        Self {
            shown: given.map_or_else(|| id.to_string(), str::to_owned),
            id,
            trace: only(headers, &TRACEPARENT).and_then(trace_id).map(str::to_owned),
        }
    }
}

/// Names the request and repeats the name on its response.
pub(super) async fn name(request: ServiceRequest, next: Next) -> Answer {
    let request_id = RequestId::of(request.headers());
    let shown = HeaderValue::try_from(request_id.shown.as_str());
    request.extensions_mut().insert(request_id);
    let answer = next.call(request).await;
    on_the_way_out(answer, move |headers| {
        if let Ok(shown) = &shown {
            headers.insert(X_REQUEST_ID, shown.clone());
        }
    })
}

/// The value of a header that must not be repeated.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name);
    let first = values.next()?;
    if values.next().is_some() { None } else { first.to_str().ok() }
}

/// Safe in a log line, a header and a URL, and too poor an alphabet for an e-mail address.
fn is_usable(name: &str) -> bool {
    (1..=LONGEST).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// The trace id of a `traceparent` header, version 00 or a later one that begins alike.
fn trace_id(header: &str) -> Option<&str> {
    let mut parts = header.split('-');
    let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let complete = match version {
        "00" => parts.next().is_none(),
        "ff" => false,
        _ => true,
    };
    let good = complete && is_hex(version, 2) && is_id(trace, 32) && is_id(parent, 16) && is_hex(flags, 2);
    good.then_some(trace)
}

fn is_id(text: &str, length: usize) -> bool {
    is_hex(text, length) && text.bytes().any(|byte| byte != b'0')
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod unit_tests {
    use super::{is_usable, trace_id};

    #[test]
    fn only_short_safe_names_are_taken_over() {
        assert!(is_usable("order-42_a.b"));
        assert!(is_usable(&"x".repeat(64)));
        assert!(!is_usable(&"x".repeat(65)));
        for unsafe_name in ["", "a b", "a\u{1b}[31m", "iemand@voorbeeld.nl", "a/b", "é"] {
            assert!(!is_usable(unsafe_name), "{unsafe_name}");
        }
    }

    #[test]
    fn a_trace_is_read_from_a_well_formed_parent_only() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(trace_id(&format!("00-{trace}-00f067aa0ba902b7-01")), Some(trace));
        assert_eq!(trace_id(&format!("01-{trace}-00f067aa0ba902b7-01-more")), Some(trace));
        for bad in [
            format!("00-{trace}-00f067aa0ba902b7-01-more"),
            format!("ff-{trace}-00f067aa0ba902b7-01"),
            format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            format!("00-{trace}-{}-01", "0".repeat(16)),
            format!("00-{}-00f067aa0ba902b7-01", trace.to_uppercase()),
            "00-abc".to_owned(),
        ] {
            assert_eq!(trace_id(&bad), None, "{bad}");
        }
    }
}
