//! Client secrets: 256 random bits, shown once, stored as SHA-256. A secret nobody chose and
//! nobody can guess needs no slow hash.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{Error, Result};

/// How many secrets of a client are valid at a time, so that one can take over from the other.
pub const VALID_AT_A_TIME: usize = 2;

/// A secret in the clear, on its way to its owner.
pub struct ClientSecret(String);

impl ClientSecret {
    /// A fresh one, as 43 characters of base64url.
    ///
    /// # Errors
    /// [`Error::Internal`] when the system gives no randomness.
    pub fn generate() -> Result<Self> {
        let mut bytes = [0; 32];
        rand::fill(&mut bytes).map_err(|_unspecified| Error::internal("no randomness"))?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The text to show, once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(…)")
    }
}

/// The SHA-256 of a secret.
#[derive(Clone, Copy)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// The hash of a text that somebody presents as a secret.
    #[must_use]
    pub fn of(presented: &str) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, presented.as_bytes()).as_ref());
        Self(hash)
    }

    /// A stored hash; `None` when it is not 32 bytes.
    #[must_use]
    pub fn stored(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether a presented secret is one of these. Does the same work whatever it is given: a
    /// client that does not exist, or has one secret, takes as long as one with two.
    #[must_use]
    pub fn any_matches(stored: &[Self], presented: &str) -> bool {
        let presented = Self::of(presented);
        (0..VALID_AT_A_TIME).fold(false, |found, slot| {
            let known = stored.get(slot);
            let candidate = known.copied().unwrap_or(Self([0; 32]));
            found | (verify_slices_are_equal(&candidate.0, &presented.0).is_ok() & known.is_some())
        })
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ClientSecret, SecretHash};

    #[test]
    fn secrets_are_256_random_bits_in_base64url() {
        let secrets: BTreeSet<String> =
            (0..100).map(|_| ClientSecret::generate().unwrap().reveal().to_owned()).collect();
        assert_eq!(secrets.len(), 100);
        for secret in secrets {
            assert_eq!(secret.len(), 43);
            assert!(secret.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
        }
    }

    #[test]
    fn either_of_two_secrets_is_accepted_and_no_other() {
        let (first, second, other) =
            (ClientSecret::generate().unwrap(), ClientSecret::generate().unwrap(), ClientSecret::generate().unwrap());
        let stored = [first.hash(), second.hash()];
        assert!(SecretHash::any_matches(&stored, first.reveal()));
        assert!(SecretHash::any_matches(&stored, second.reveal()));
        assert!(!SecretHash::any_matches(&stored, other.reveal()));
        assert!(!SecretHash::any_matches(&stored, ""));
        assert!(SecretHash::any_matches(&stored[..1], first.reveal()));
        assert!(!SecretHash::any_matches(&stored[..1], second.reveal()));
        assert!(!SecretHash::any_matches(&[], first.reveal()));
    }

    #[test]
    fn the_stored_form_is_read_back() {
        let secret = ClientSecret::generate().unwrap();
        let stored = SecretHash::stored(secret.hash().as_bytes()).unwrap();
        assert!(SecretHash::any_matches(&[stored], secret.reveal()));
        assert!(SecretHash::stored(&[0; 31]).is_none());
    }

    #[test]
    fn neither_shows_in_debug_output() {
        let secret = ClientSecret::generate().unwrap();
        assert_eq!(format!("{secret:?} {:?}", secret.hash()), "ClientSecret(…) SecretHash(…)");
    }
}
