//! The secret half of a link.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::auth::secret::ClientSecret;
use crate::error::Result;

/// The token of a link in the clear: 256 random bits as 43 characters of base64url. On its way
/// into a sealed mail, and nowhere else.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LinkToken(String);

impl LinkToken {
    /// A fresh one.
    ///
    /// # Errors
    /// [`crate::error::Error::Internal`] when the system gives no randomness.
    pub(super) fn generate() -> Result<Self> {
        Ok(Self(ClientSecret::generate()?.reveal().to_owned()))
    }

    /// The text to put into the mail.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::LinkToken;

    #[test]
    fn a_token_does_not_show_in_debug_output() {
        let token = LinkToken::generate().unwrap();
        assert_eq!(token.reveal().len(), 43);
        assert_eq!(format!("{token:?}"), "LinkToken(…)");
    }
}
