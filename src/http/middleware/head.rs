//! HEAD: the same answer as GET, head only.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::web::Bytes;

use super::{Answer, Next};

/// Has GET answer a HEAD request and keeps the length of the body it drops.
pub(super) async fn serve_from_get(mut request: ServiceRequest, next: Next) -> Answer {
    if request.method() != Method::HEAD {
        return next.call(request).await;
    }
    // The connection remembers the method by itself and sends no body either way.
    request.head_mut().method = Method::GET;
    let response = next.call(request).await?;
    Ok(response.map_body(|_, body| Dropped(body.size()).boxed()))
}

/// A body that was dropped but still tells its length.
struct Dropped(BodySize);

impl MessageBody for Dropped {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        Poll::Ready(None)
    }
}
