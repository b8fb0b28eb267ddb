//! Request bodies: read once guard, path and query have passed, refused with all their faults.

use std::ops::Deref;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::rt::time::timeout;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use aws_lc_rs::digest::{SHA256, digest};
use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use validator::Validate;

use super::contract::Contract;
use super::faults;
use super::strict::Strict;
use crate::error::{Error, Place, Result, Rule};

/// The most bytes a body may have, unless the extractor says otherwise: 256 KiB.
pub const BODY_LIMIT: usize = 256 * 1024;

/// How long a body may take to arrive.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// The media type of partial updates (RFC 7396).
pub const MERGE_PATCH_JSON: &str = "application/merge-patch+json";

const JSON: &str = "application/json";

/// 415: this operation takes JSON.
pub const NOT_JSON: Rule = Rule {
    code: "unsupported-media-type",
    nl: "Stuur de body als application/json, in UTF-8, en zeg dat in Content-Type.",
    en: "Send the body as application/json, in UTF-8, and say so in Content-Type.",
};

/// 415: this operation takes a JSON Merge Patch.
pub const NOT_MERGE_PATCH: Rule = Rule {
    code: "unsupported-media-type",
    nl: "Stuur de wijziging als application/merge-patch+json, in UTF-8, en zeg dat in Content-Type.",
    en: "Send the change as application/merge-patch+json, in UTF-8, and say so in Content-Type.",
};

/// 415: bodies are not unpacked here.
pub const ENCODED: Rule = Rule {
    code: "unsupported-content-encoding",
    nl: "Stuur de body ongecomprimeerd, zonder Content-Encoding.",
    en: "Send the body uncompressed, without Content-Encoding.",
};

/// 413.
pub const TOO_LARGE: Rule = Rule {
    code: "body-too-large",
    nl: "De body is te groot; verdeel het werk over meer verzoeken.",
    en: "The body is too large; divide the work over more requests.",
};

/// 408: the body did not arrive in time.
pub const TOO_SLOW: Rule = Rule {
    code: "body-timeout",
    nl: "De body kwam niet binnen 10 seconden aan; probeer het opnieuw.",
    en: "The body did not arrive within 10 seconds; try again.",
};

/// 400: the body broke off or was sent in a way that cannot be read.
pub const UNREADABLE: Rule = Rule {
    code: "body-unreadable",
    nl: "De body brak af of is niet te lezen; stuur het verzoek opnieuw.",
    en: "The body broke off or cannot be read; send the request again.",
};

/// A JSON body of at most `LIMIT` bytes, deserialised and validated.
///
/// It must keep this name: utoipa recognises the argument by it and documents `T`.
#[derive(Debug, Clone)]
pub struct Json<T, const LIMIT: usize = BODY_LIMIT> {
    value: T,
    digest: [u8; 32],
}

/// A JSON Merge Patch of at most `LIMIT` bytes; `T` has [`Patch`](super::patch::Patch) and
/// [`Change`](super::patch::Change) fields and denies unknown ones.
#[derive(Debug, Clone)]
pub struct MergePatch<T, const LIMIT: usize = BODY_LIMIT> {
    value: T,
    digest: [u8; 32],
}

/// What both extractors are: the value, the digest of the bytes, and how they are had.
macro_rules! extractor {
    ($name:ident, $media_type:expr, $refusal:expr) => {
        impl<T, const LIMIT: usize> $name<T, LIMIT> {
            /// The value.
            pub fn into_inner(self) -> T {
                self.value
            }

            /// SHA-256 of the bytes as they came in, by which idempotency knows a body again.
            pub const fn digest(&self) -> [u8; 32] {
                self.digest
            }
        }

        impl<T, const LIMIT: usize> Deref for $name<T, LIMIT> {
            type Target = T;

            fn deref(&self) -> &T {
                &self.value
            }
        }

        impl<T, const LIMIT: usize> FromRequest for $name<T, LIMIT>
        where
            T: DeserializeOwned + Validate + ToSchema + 'static,
        {
            type Error = Error;
            type Future = LocalBoxFuture<'static, Result<Self>>;

            fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
                let (request, payload) = (request.clone(), payload.take());
                Box::pin(async move {
                    let bytes = take_in(&request, payload, $media_type, $refusal, LIMIT).await?;
                    let value = read(&bytes, request.app_data::<web::Data<Contract>>().map(|data| &***data))?;
                    Ok(Self { value, digest: digest_of(&bytes) })
                })
            }
        }
    };
}

extractor!(Json, JSON, &NOT_JSON);
extractor!(MergePatch, MERGE_PATCH_JSON, &NOT_MERGE_PATCH);

async fn take_in(
    request: &HttpRequest,
    payload: Payload,
    media_type: &str,
    refusal: &'static Rule,
    limit: usize,
) -> Result<Vec<u8>> {
    check_head(request, media_type, refusal, limit)?;
    collect_within(BODY_TIMEOUT, payload, limit).await
}

pub(super) fn check_head(request: &HttpRequest, media_type: &str, refusal: &'static Rule, limit: usize) -> Result<()> {
    let encoded = request
        .headers()
        .get_all(header::CONTENT_ENCODING)
        .any(|encoding| !encoding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"identity"));
    if encoded {
        return Err(Error::Refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, &ENCODED));
    }
    let fits = request.headers().get_all(header::CONTENT_TYPE).count() == 1
        && request.mime_type().ok().flatten().is_some_and(|given| {
            given.essence_str().eq_ignore_ascii_case(media_type)
                && given.get_param("charset").is_none_or(|charset| charset.as_str().eq_ignore_ascii_case("utf-8"))
        });
    if !fits {
        return Err(Error::Refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, refusal));
    }
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) { Err(too_large()) } else { Ok(()) }
}

async fn collect_within(patience: Duration, payload: Payload, limit: usize) -> Result<Vec<u8>> {
    let collected = timeout(patience, collect(payload, limit)).await;
    collected.unwrap_or(Err(Error::Refused(StatusCode::REQUEST_TIMEOUT, &TOO_SLOW)))
}

async fn collect(mut payload: Payload, limit: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let Ok(chunk) = chunk else { return Err(UNREADABLE.bad_request()) };
        if bytes.len() + chunk.len() > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

pub(super) const fn too_large() -> Error {
    Error::Refused(StatusCode::PAYLOAD_TOO_LARGE, &TOO_LARGE)
}

/// One pass and its validation; only what is refused is looked at again to name every fault.
fn read<T: DeserializeOwned + Validate + ToSchema>(bytes: &[u8], contract: Option<&Contract>) -> Result<T> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let Ok(value) = T::deserialize(Strict(&mut reader)).and_then(|value| reader.end().map(|()| value)) else {
        return Err(Error::Invalid(faults::of_body::<T>(bytes, contract)));
    };
    match value.validate() {
        Ok(()) => Ok(value),
        Err(errors) => Err(Error::Invalid(faults::of_validation(Place::Body, &errors))),
    }
}

fn digest_of(bytes: &[u8]) -> [u8; 32] {
    let mut sum = [0; 32];
    sum.copy_from_slice(digest(&SHA256, bytes).as_ref());
    sum
}

#[cfg(test)]
mod tests;
