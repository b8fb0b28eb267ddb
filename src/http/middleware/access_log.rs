//! One line and two metrics per request. They name the route's template, never the path, for
//! paths carry what callers put there.

use std::time::Instant;

use actix_web::HttpMessage as _;
use actix_web::dev::ServiceRequest;
use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use metrics::{counter, gauge, histogram};

use super::{Answer, Edge, Next, RequestId, route};
use crate::auth::Actor;
use crate::kernel::coded::Coded;

/// Measures and notes what was answered; the time is up to the head of the response.
pub(super) async fn record(edge: Data<Edge>, request: ServiceRequest, next: Next) -> Answer {
    let began = Instant::now();
    let method = method_label(request.method());
    let route = route(&edge, request.path());
    let named = request.extensions().get::<RequestId>().cloned();
    let _in_flight = InFlight::begin();
    let answer = next.call(request).await;
    let duration = began.elapsed();
    let (status, caller) = match &answer {
        Ok(response) => (response.status(), response.request().extensions().get::<Actor>().cloned()),
        Err(error) => (error.as_response_error().status_code(), None),
    };
    note(&Line {
        method,
        route,
        status,
        caller,
        named,
        duration_us: u64::try_from(duration.as_micros()).unwrap_or(u64::MAX),
    });
    counter!("http_requests_total", "method" => method, "route" => route.to_owned(), "status" => status.as_str().to_owned())
        .increment(1);
    histogram!("http_request_duration_seconds", "method" => method, "route" => route.to_owned())
        .record(duration.as_secs_f64());
    answer
}

/// What stands in a line; no names, no addresses, no paths.
struct Line<'r> {
    method: &'static str,
    route: &'r str,
    status: StatusCode,
    caller: Option<Actor>,
    named: Option<RequestId>,
    duration_us: u64,
}

fn note(line: &Line<'_>) {
    let caller = line.caller.as_ref();
    let named = line.named.as_ref();
    // A caller's own name for the request says nothing in the audit trail, so both are noted.
    let audit_id = named.map(|named| named.id).filter(|id| named.is_some_and(|named| named.shown != id.to_string()));
    tracing::info!(
        target: "access",
        request_id = named.map(|named| named.shown.as_str()),
        audit_id = audit_id.map(tracing::field::display),
        trace_id = named.and_then(|named| named.trace.as_deref()),
        method = line.method,
        route = line.route,
        status = line.status.as_u16(),
        duration_us = line.duration_us,
        client = caller.and_then(|caller| caller.client).map(tracing::field::display),
        role = caller.and_then(|caller| caller.role).map(Coded::code),
        organisation = caller.and_then(|caller| caller.organisation).map(tracing::field::display),
    );
}

/// Counts a request while it runs, also when its future is dropped.
struct InFlight;

impl InFlight {
    fn begin() -> Self {
        gauge!("http_requests_in_flight").increment(1);
        Self
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        gauge!("http_requests_in_flight").decrement(1);
    }
}

/// A caller can invent methods, so metrics know the usual ones only.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
