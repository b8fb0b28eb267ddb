//! The one secret of the service, from which every other key is derived.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{hmac, rand};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::error::{Error, Result};

/// Writes padded base64; reads it with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The purpose of the key that seals signing keys.
const SIGNING_KEYS: &str = "signing-keys";

/// 256 random bits; never used as such, only to derive the key of each purpose.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

/// The text is not 32 bytes of base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a master key is 32 random bytes in base64, as `openssl rand -base64 32` prints them")]
pub struct InvalidMasterKey;

impl MasterKey {
    /// A fresh one.
    ///
    /// # Errors
    /// [`Error::Internal`] when the system gives no randomness.
    pub fn generate() -> Result<Self> {
        let mut bytes = [0; 32];
        rand::fill(&mut bytes).map_err(|_unspecified| Error::internal("no randomness"))?;
        Ok(Self(bytes))
    }

    /// The text that [`MasterKey::from_str`] reads back; for the private file of a first start.
    #[must_use]
    pub fn to_base64(&self) -> String {
        BASE64.encode(self.0)
    }

    /// The key of one purpose; those of different purposes tell nothing about each other.
    #[must_use]
    pub fn derive(&self, purpose: &'static str) -> [u8; 32] {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &self.0), purpose.as_bytes());
        let mut key = [0; 32];
        key.copy_from_slice(tag.as_ref());
        key
    }

    /// Seals and opens what one purpose keeps in the database.
    #[must_use]
    pub fn sealer(&self, purpose: &'static str) -> Sealer {
        Sealer(self.derive(purpose))
    }

    pub(super) fn seal(&self, owner: &str, secret: &[u8]) -> Result<Vec<u8>> {
        self.sealer(SIGNING_KEYS).seal(owner, secret)
    }

    pub(super) fn open(&self, owner: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        self.sealer(SIGNING_KEYS).open(owner, sealed)
    }
}

/// The key under which one purpose keeps its secrets.
#[derive(Clone)]
pub struct Sealer([u8; 32]);

impl Sealer {
    /// Encrypts a secret for storage (AES-256-GCM, random nonce in front), bound to its `owner`
    /// so that it cannot be moved to another row.
    ///
    /// # Errors
    /// Only when the system gives no randomness.
    pub fn seal(&self, owner: &str, secret: &[u8]) -> Result<Vec<u8>> {
        let mut sealed = secret.to_vec();
        let nonce = self
            .key()?
            .seal_in_place_append_tag(Aad::from(owner), &mut sealed)
            .map_err(|_unspecified| Error::internal("sealing failed"))?;
        Ok([nonce.as_ref().as_slice(), &sealed].concat())
    }

    /// Decrypts what [`Sealer::seal`] made; `None` when another master key, purpose or owner sealed it.
    #[must_use]
    pub fn open(&self, owner: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut opened = sealed.to_vec();
        let secret = self.key().ok()?.open_in_place(nonce, Aad::from(owner), &mut opened).ok()?;
        Some(secret.to_vec())
    }

    fn key(&self) -> Result<RandomizedNonceKey> {
        RandomizedNonceKey::new(&AES_256_GCM, &self.0).map_err(|_unspecified| Error::internal("no storage key"))
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

impl From<[u8; 32]> for MasterKey {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl FromStr for MasterKey {
    type Err = InvalidMasterKey;

    fn from_str(text: &str) -> Result<Self, InvalidMasterKey> {
        let bytes = BASE64.decode(text.trim()).map_err(|_undecodable| InvalidMasterKey)?;
        <[u8; 32]>::try_from(bytes).map(Self).map_err(|_length| InvalidMasterKey)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::MasterKey;

    #[test]
    fn every_purpose_has_a_key_of_its_own_that_stays_the_same() {
        let master = MasterKey::from([7; 32]);
        assert_eq!(master.derive("cursors"), MasterKey::from([7; 32]).derive("cursors"));
        assert_ne!(master.derive("cursors"), master.derive("idempotency"));
        assert_ne!(master.derive("cursors"), MasterKey::from([8; 32]).derive("cursors"));
    }

    #[test]
    fn the_text_form_is_read_back_with_and_without_padding() {
        let master = MasterKey::generate().unwrap();
        let text = master.to_base64();
        assert_eq!(text.parse::<MasterKey>().unwrap().derive("x"), master.derive("x"));
        assert_eq!(text.trim_end_matches('=').parse::<MasterKey>().unwrap().derive("x"), master.derive("x"));
        assert!("dG9vIHNob3J0".parse::<MasterKey>().is_err());
        assert!("not base64!".parse::<MasterKey>().is_err());
        assert_eq!(format!("{master:?}"), "MasterKey(…)");
    }

    #[test]
    fn a_sealed_secret_opens_only_for_its_owner_under_its_master_key() {
        let master = MasterKey::from([7; 32]);
        let sealed = master.seal("kid-1", b"secret").unwrap();
        assert_eq!(master.open("kid-1", &sealed).as_deref(), Some(&b"secret"[..]));
        assert_ne!(master.seal("kid-1", b"secret").unwrap(), sealed, "nonces differ");
        assert_eq!(master.open("kid-2", &sealed), None);
        assert_eq!(MasterKey::from([8; 32]).open("kid-1", &sealed), None);
        assert_eq!(master.sealer("mails").open("kid-1", &sealed), None);
        assert_eq!(master.open("kid-1", &sealed[..sealed.len() - 1]), None);
        assert_eq!(master.open("kid-1", b""), None);
        let mut changed = sealed;
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(master.open("kid-1", &changed), None);
    }
}
