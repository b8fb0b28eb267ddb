//! Turns every error of the layers below, the framework's own included, into a problem in the
//! caller's language that names the path and the request; logs what is our fault.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use actix_web::body::{BodySize, MessageBody as _};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::{ConnectionType, StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpResponse};

use super::{Answer, Edge, Next, RequestId, route};
use crate::error::Error;
use crate::http::problem::{Language, Occasion};

/// The longest path repeated in a problem, in bytes.
const LONGEST_INSTANCE: usize = 2000;

/// Renders what went wrong below.
pub(super) async fn render(edge: Data<Edge>, request: ServiceRequest, next: Next) -> Answer {
    let occasion = occasion_of(&request);
    let response = match unwound(next.call(request)).await {
        Some(Ok(response)) => response,
        Some(Err(cause)) => {
            let status = cause.as_response_error().status_code();
            let foreign = Error::of_framework(status);
            return Err(lost(&edge, cause.as_error::<Error>().unwrap_or(&foreign), &occasion));
        }
        None => return Err(lost(&edge, &Error::internal("a handler panicked"), &occasion)),
    };
    Ok(match problem_for(&edge, &response, &occasion) {
        Some(problem) => replaced(response, problem),
        None => response,
    })
}

/// None for a success and for an error document that a handler wrote by itself (RFC 6749).
fn problem_for(edge: &Edge, response: &ServiceResponse, occasion: &Occasion) -> Option<HttpResponse> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    let cause = response.response().error();
    if let Some(error) = cause.and_then(|cause| cause.as_error::<Error>()) {
        log(edge, error, occasion);
        return Some(error.response(occasion));
    }
    if is_written_out(response) {
        return None;
    }
    let error = match (cause, status) {
        (Some(cause), status) if status.is_server_error() => Error::internal(cause),
        (_, StatusCode::METHOD_NOT_ALLOWED) => {
            Error::MethodNotAllowed(edge.routes.allowed(response.request().path()).unwrap_or_default())
        }
        _ => Error::of_framework(status),
    };
    log(edge, &error, occasion);
    Some(error.response(occasion))
}

/// Whether the body is a document of its own rather than empty or the framework's plain text.
fn is_written_out(response: &ServiceResponse) -> bool {
    let plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|media_type| media_type.as_bytes().starts_with(b"text/plain"));
    let empty = matches!(response.response().body().size(), BodySize::None | BodySize::Sized(0));
    !plain && !empty
}

/// An error whose request is gone, so that no response can be made from it here.
fn lost(edge: &Edge, error: &Error, occasion: &Occasion) -> actix_web::Error {
    log(edge, error, occasion);
    InternalError::from_response(error.to_string(), error.response(occasion)).into()
}

/// The problem instead of the response, with what the layers below had added to its head.
fn replaced(response: ServiceResponse, mut problem: HttpResponse) -> ServiceResponse {
    let (request, old) = response.into_parts();
    let own: Vec<_> = problem.headers().keys().cloned().chain([header::CONTENT_LENGTH]).collect();
    for (name, value) in old.headers() {
        if !own.contains(name) {
            problem.headers_mut().append(name.clone(), value.clone());
        }
    }
    if problem.status() == StatusCode::REQUEST_TIMEOUT {
        problem.head_mut().set_connection_type(ConnectionType::Close);
    }
    ServiceResponse::new(request, problem)
}

/// The one place where a failure of ours is logged.
fn log(edge: &Edge, error: &Error, occasion: &Occasion) {
    let request_id = occasion.request_id.as_str();
    let route = route(edge, &occasion.instance);
    match error {
        Error::Internal(cause) => tracing::error!(request_id, route, cause, "a request failed through a defect"),
        Error::Unavailable(_) | Error::OutcomeUnknown => {
            tracing::warn!(request_id, route, code = error.rule().code, "a request could not be served");
        }
        _ => {}
    }
}

fn occasion_of(request: &ServiceRequest) -> Occasion {
    let mut instance = request.path().to_owned();
    instance.truncate(instance.floor_char_boundary(LONGEST_INSTANCE));
    Occasion {
        language: Language::accepted(
            request.headers().get(header::ACCEPT_LANGUAGE).and_then(|languages| languages.to_str().ok()),
        ),
        instance,
        request_id: request.extensions().get::<RequestId>().map(|id| id.shown.clone()).unwrap_or_default(),
    }
}

/// Runs a future; none when it panicked.
async fn unwound<F: Future>(future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    std::future::poll_fn(move |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(poll) => poll.map(Some),
        Err(_) => Poll::Ready(None),
    })
    .await
}
