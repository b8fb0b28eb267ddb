//! A body that is too large to hold: it is handed on piece by piece while it comes in, so that
//! memory stays that of a piece. It is guarded as every other body: not encoded, not trickling in
//! (larger bodies earn more time), and no larger than its kind may be.

use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt as _;

use super::body::{UNREADABLE, check_head, too_large};
use crate::error::{Error, Result, Rule};

/// The most bytes that an upload of any kind may have: 256 MiB.
pub const LARGEST_UPLOAD: u32 = 256 * 1024 * 1024;

/// What an operation takes as an upload.
pub trait UploadKind: 'static {
    /// The media types it takes.
    const MEDIA_TYPES: &'static [&'static str];
    /// The most bytes.
    const LIMIT: usize;
    /// 415: it takes another media type.
    const REFUSAL: &'static Rule;
}

/// An upload of one of the media types of `K`.
pub struct Upload<K> {
    payload: Payload,
    media_type: &'static str,
    received: usize,
    kind: PhantomData<fn() -> K>,
}

impl<K: UploadKind> Upload<K> {
    /// The media type it came with.
    #[must_use]
    pub const fn media_type(&self) -> &'static str {
        self.media_type
    }

    /// The next bytes, as they come in; none at the end.
    ///
    /// # Errors
    /// 400 when the body breaks off, 413 when it becomes too large.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        match self.payload.next().await {
            None => Ok(None),
            Some(Err(_broken)) => Err(UNREADABLE.bad_request()),
            Some(Ok(piece)) => {
                self.received = self.received.saturating_add(piece.len());
                if self.received > K::LIMIT { Err(too_large()) } else { Ok(Some(piece)) }
            }
        }
    }

    fn accept(request: &HttpRequest, payload: &mut Payload) -> Result<Self> {
        let mut refused = Error::Refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, K::REFUSAL);
        for media_type in K::MEDIA_TYPES.iter().copied() {
            match check_head(request, media_type, K::REFUSAL, K::LIMIT) {
                Ok(()) => return Ok(Self { payload: payload.take(), media_type, received: 0, kind: PhantomData }),
                Err(Error::Refused(status, rule)) if status != StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                    return Err(Error::Refused(status, rule));
                }
                Err(error) => refused = error,
            }
        }
        Err(refused)
    }
}

impl<K: UploadKind> FromRequest for Upload<K> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Self::accept(request, payload))
    }
}

impl<K> std::fmt::Debug for Upload<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload").field("received", &self.received).finish_non_exhaustive()
    }
}
