//! One signing key, and the set of those in use.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use serde::Serialize;
use utoipa::ToSchema;

use super::master::MasterKey;
use super::queries::KeyRow;
use crate::error::{Error, Result};

/// The public half of a key (RFC 7517), with which anybody can check our tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicKey {
    /// Key type, always `EC`.
    #[schema(value_type = String, max_length = 8)]
    pub kty: &'static str,
    /// Curve, always `P-256`.
    #[schema(value_type = String, max_length = 8)]
    pub crv: &'static str,
    /// First coordinate, base64url.
    #[schema(min_length = 43, max_length = 43)]
    pub x: String,
    /// Second coordinate, base64url.
    #[schema(min_length = 43, max_length = 43)]
    pub y: String,
    /// Key id, as in the head of a token: the RFC 7638 thumbprint of the key.
    #[schema(max_length = 64)]
    pub kid: String,
    /// Algorithm, always `ES256`.
    #[schema(value_type = String, max_length = 8)]
    pub alg: &'static str,
    /// Use, always `sig`.
    #[schema(value_type = String, max_length = 8)]
    pub r#use: &'static str,
}

/// A freshly made key pair, before it is stored.
pub(super) struct NewKey {
    pub(super) public: PublicKey,
    pub(super) pkcs8: Vec<u8>,
}

impl NewKey {
    pub(super) fn generate() -> Result<Self> {
        let pkcs8 = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
            .and_then(|pair| pair.to_pkcs8v1())
            .map_err(|_unspecified| Error::internal("no signing key could be made"))?
            .as_ref()
            .to_vec();
        let public = PublicKey::of(&EncodingKey::from_ec_der(&pkcs8)).map_err(Error::internal)?;
        Ok(Self { public, pkcs8 })
    }
}

impl PublicKey {
    fn of(private: &EncodingKey) -> Result<Self, jsonwebtoken::errors::Error> {
        let jwk = Jwk::from_encoding_key(private, Algorithm::ES256)?;
        let kid = jwk.thumbprint(ThumbprintHash::SHA256)?;
        match jwk.algorithm {
            AlgorithmParameters::EllipticCurve(point) => {
                Ok(Self { kty: "EC", crv: "P-256", x: point.x, y: point.y, kid, alg: "ES256", r#use: "sig" })
            }
            _ => Err(jsonwebtoken::errors::ErrorKind::InvalidEcdsaKey.into()),
        }
    }
}

/// A key that the master key opened. Its public half is derived from the private one, so that
/// whoever can write the table but lacks the master key cannot have a key of his own trusted.
pub(crate) struct SigningKey {
    public: PublicKey,
    encoding: EncodingKey,
    decoding: DecodingKey,
    signs_from: DateTime<Utc>,
    signs_until: Option<DateTime<Utc>>,
    retired_at: Option<DateTime<Utc>>,
}

impl SigningKey {
    /// Opens a stored key; `None` when this master key did not seal it.
    pub(super) fn open(row: &KeyRow, master: &MasterKey) -> Option<Self> {
        let encoding = EncodingKey::from_ec_der(&master.open(&row.kid, &row.private_key)?);
        let public = PublicKey::of(&encoding).ok()?;
        let decoding = DecodingKey::from_ec_components(&public.x, &public.y).ok()?;
        (public.kid == row.kid).then_some(Self {
            public,
            encoding,
            decoding,
            signs_from: row.signs_from,
            signs_until: row.signs_until,
            retired_at: row.retired_at,
        })
    }

    pub(crate) fn kid(&self) -> &str {
        &self.public.kid
    }

    pub(crate) fn encoding(&self) -> &EncodingKey {
        &self.encoding
    }

    pub(crate) fn decoding(&self) -> &DecodingKey {
        &self.decoding
    }

    fn is_published(&self, now: DateTime<Utc>) -> bool {
        self.retired_at.is_none_or(|retired_at| now < retired_at)
    }

    fn signs(&self, now: DateTime<Utc>) -> bool {
        self.is_published(now) && self.signs_from <= now && self.signs_until.is_none_or(|signs_until| now < signs_until)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.public.kid).finish_non_exhaustive()
    }
}

/// The keys in use at one moment, oldest first.
#[derive(Debug)]
pub(crate) struct KeySet {
    /// Differs for every set, so that what was verified under another set is told apart.
    pub(crate) generation: u64,
    pub(super) rows: Vec<KeyRow>,
    pub(super) keys: Vec<Arc<SigningKey>>,
}

impl KeySet {
    /// The key with this id, while it is published.
    pub(crate) fn find(&self, kid: &str, now: DateTime<Utc>) -> Option<&SigningKey> {
        self.keys.iter().map(Arc::as_ref).find(|key| key.kid() == kid && key.is_published(now))
    }

    /// The key that signs now: the youngest whose time has come. Where clocks differ so that
    /// none has, the youngest published one.
    pub(crate) fn signing(&self, now: DateTime<Utc>) -> Option<&SigningKey> {
        let youngest_first = || self.keys.iter().rev().map(Arc::as_ref);
        youngest_first().find(|key| key.signs(now)).or_else(|| youngest_first().find(|key| key.is_published(now)))
    }

    /// The public halves of all published keys.
    pub(crate) fn published(&self, now: DateTime<Utc>) -> Vec<PublicKey> {
        self.keys.iter().filter(|key| key.is_published(now)).map(|key| key.public.clone()).collect()
    }
}
