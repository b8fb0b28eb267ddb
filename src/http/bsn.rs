//! Checks of texts in a body that `validator` makes by name: what may hold a BSN is refused.

use validator::ValidationError;

use super::patch::{Change, Patch};
use crate::kernel::bsn::{BSN_LIKE, holds_bsn_like};

/// Refuses a text that may hold a BSN.
///
/// # Errors
/// [`BSN_LIKE`].
pub fn no_bsn_in(text: &impl AsRef<str>) -> Result<(), ValidationError> {
    if holds_bsn_like(text.as_ref()) { Err(BSN_LIKE.violation()) } else { Ok(()) }
}

/// The same for a text that may be absent or cleared.
///
/// # Errors
/// [`BSN_LIKE`].
pub fn no_bsn_in_patch<T: AsRef<str>>(text: &Patch<T>) -> Result<(), ValidationError> {
    text.value().map_or(Ok(()), no_bsn_in)
}

/// The same for a text that may be absent.
///
/// # Errors
/// [`BSN_LIKE`].
pub fn no_bsn_in_change<T: AsRef<str>>(text: &Change<T>) -> Result<(), ValidationError> {
    text.as_change().map_or(Ok(()), no_bsn_in)
}
