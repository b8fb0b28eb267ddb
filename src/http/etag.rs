//! `ETag`, `If-Match` and `If-None-Match`: a tag is `"<version>-<digest>"`; to change a resource
//! only its version has to match, to be spared a body the whole tag.

use std::fmt;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{Error, Result};

/// A strong entity tag: the version of the resource and a digest of one representation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityTag {
    version: i32,
    digest: String,
}

impl EntityTag {
    pub(super) fn new(version: i32, body: &[u8]) -> Self {
        let hash = digest(&SHA256, body);
        let short = hash.as_ref().get(..9).unwrap_or_default();
        Self { version, digest: URL_SAFE_NO_PAD.encode(short) }
    }

    pub(super) const fn version(&self) -> i32 {
        self.version
    }

    pub(super) fn is_known_to(&self, request: &HttpRequest) -> bool {
        let tag = self.to_string();
        request.headers().get_all(header::IF_NONE_MATCH).filter_map(|value| value.to_str().ok()).any(|value| {
            value
                .split(',')
                .map(|known| known.trim().trim_start_matches("W/"))
                .any(|known| known == tag || known == "*")
        })
    }
}

impl fmt::Display for EntityTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}-{}\"", self.version, self.digest)
    }
}

/// The versions a caller's `If-Match` names; checked after the row was found and locked.
#[derive(Debug, Clone)]
pub struct IfMatch(Option<Vec<String>>);

impl IfMatch {
    /// Demands that the caller read the version that is there now.
    ///
    /// # Errors
    /// 428 without the header, 412 when it names another version.
    pub fn require(&self, version: i32) -> Result<()> {
        match &self.0 {
            None => Err(Error::IfMatchRequired),
            Some(_) => self.allow(Some(version)),
        }
    }

    /// The same, where the header is optional and the resource may not be there: then nothing matches,
    /// not even `*` (RFC 9110, 13.1.1).
    ///
    /// # Errors
    /// 412 when it names another version, or anything where nothing is.
    pub fn allow(&self, version: Option<i32>) -> Result<()> {
        let Some(tags) = &self.0 else { return Ok(()) };
        let Some(version) = version else { return Err(Error::VersionMismatch) };
        let names_it = |tag: &String| {
            tag == "*"
                || tag
                    .trim_matches('"')
                    .split_once('-')
                    .and_then(|(named, _)| named.parse::<i32>().ok())
                    .is_some_and(|named| named == version)
        };
        if tags.iter().any(names_it) { Ok(()) } else { Err(Error::VersionMismatch) }
    }
}

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut values = request.headers().get_all(header::IF_MATCH).peekable();
        let tags = values.peek().is_some().then(|| {
            values
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(','))
                .map(|tag| tag.trim().to_owned())
                .collect()
        });
        ready(Ok(Self(tags)))
    }
}

#[cfg(test)]
mod tests {
    use super::{EntityTag, IfMatch};
    use crate::error::Error;

    fn sent(tags: &[&str]) -> IfMatch {
        IfMatch(Some(tags.iter().map(|&tag| tag.to_owned()).collect()))
    }

    #[test]
    fn a_tag_names_version_and_digest() {
        let tag = EntityTag::new(3, b"{}").to_string();
        assert!(tag.starts_with("\"3-"), "{tag}");
        assert_ne!(tag, EntityTag::new(3, b"{ }").to_string());
    }

    #[test]
    fn only_the_version_has_to_match() {
        let tag = EntityTag::new(3, b"another view").to_string();
        assert!(sent(&[&tag]).require(3).is_ok());
        assert!(matches!(sent(&[&tag]).require(4), Err(Error::VersionMismatch)));
        assert!(matches!(sent(&["nonsense"]).require(3), Err(Error::VersionMismatch)));
        assert!(matches!(sent(&["\"\""]).require(3), Err(Error::VersionMismatch)));
        assert!(matches!(IfMatch(None).require(3), Err(Error::IfMatchRequired)));
        assert!(IfMatch(None).allow(Some(3)).is_ok());
    }

    #[test]
    fn any_version_is_none_where_nothing_is() {
        assert!(sent(&["*"]).allow(Some(3)).is_ok());
        assert!(matches!(sent(&["*"]).allow(None), Err(Error::VersionMismatch)));
        assert!(IfMatch(None).allow(None).is_ok());
    }
}
