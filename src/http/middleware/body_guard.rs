//! What a request body may not be: encoded (compression bombs) or trickling in. The refusal is
//! noticed by whoever reads the body and told here, so it comes after routing and the guard.

use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpMessage as _;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;
use futures_util::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::{Answer, Next};
use crate::error::Error;
use crate::http::body::{ENCODED, TOO_SLOW};

/// How long a body may take before its size counts.
const GRACE: Duration = Duration::from_secs(10);
/// Bytes per second that earn a large body more time.
const SLOWEST: u64 = 32 * 1024;

/// Guards the body, if there is one.
pub(super) async fn guard(mut request: ServiceRequest, next: Next) -> Answer {
    let encoded = is_encoded(request.headers());
    if encoded && !matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH) {
        return Ok(request.error_response(Refusal::Encoded.error()));
    }
    let payload = request.take_payload();
    if matches!(payload, Payload::None) && !encoded {
        return next.call(request).await;
    }
    let refusal = Rc::new(Cell::new(None));
    let guarded =
        Guarded { payload, encoded, started: Instant::now(), received: 0, alarm: None, refusal: Rc::clone(&refusal) };
    request.set_payload(Payload::Stream { payload: Box::pin(guarded) });
    let response = next.call(request).await?;
    match refusal.get() {
        Some(refusal) if response.status().is_client_error() => Ok(response.error_response(refusal.error())),
        _ => Ok(response),
    }
}

fn is_encoded(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::CONTENT_ENCODING)
        .any(|coding| !coding.to_str().is_ok_and(|coding| coding.trim().eq_ignore_ascii_case("identity")))
}

#[derive(Debug, Clone, Copy)]
enum Refusal {
    Encoded,
    TooSlow,
}

impl Refusal {
    const fn error(self) -> Error {
        match self {
            Self::Encoded => Error::Refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, &ENCODED),
            Self::TooSlow => Error::Refused(StatusCode::REQUEST_TIMEOUT, &TOO_SLOW),
        }
    }
}

/// How long a body of which so much has come may have taken.
fn time_for(received: u64) -> Duration {
    GRACE + Duration::from_secs(received / SLOWEST)
}

/// A body that notes why it refused to be read.
struct Guarded {
    payload: Payload,
    encoded: bool,
    started: Instant,
    received: u64,
    /// Set when the sender is waited for first.
    alarm: Option<Pin<Box<Sleep>>>,
    refusal: Rc<Cell<Option<Refusal>>>,
}

impl Guarded {
    fn refused(&self, why: Refusal) -> Poll<Option<Result<Bytes, PayloadError>>> {
        self.refusal.set(Some(why));
        Poll::Ready(Some(Err(PayloadError::Io(io::ErrorKind::InvalidData.into()))))
    }
}

impl Stream for Guarded {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.encoded {
            return self.refused(Refusal::Encoded);
        }
        let polled = Pin::new(&mut self.payload).poll_next(context);
        if let Poll::Ready(Some(Ok(chunk))) = &polled {
            self.received += chunk.len() as u64;
        }
        let deadline = self.started + time_for(self.received);
        if polled.is_ready() {
            return polled;
        }
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if alarm.deadline() != deadline {
            alarm.as_mut().reset(deadline);
        }
        match alarm.as_mut().poll(context) {
            Poll::Ready(()) => self.refused(Refusal::TooSlow),
            Poll::Pending => Poll::Pending,
        }
    }
}

#[cfg(test)]
mod unit_tests {
    use super::time_for;

    #[test]
    fn a_trickle_earns_no_time_and_a_large_body_does() {
        assert_eq!(time_for(0).as_secs(), 10);
        assert_eq!(time_for(1_000).as_secs(), 10);
        assert_eq!(time_for(32 * 1024 * 60).as_secs(), 70);
    }
}
