//! Why a row, or a whole file, is refused. The refused value itself is never kept.

use std::io;

use crate::error::Error;
use crate::kernel::bsn::holds_bsn_like;
use crate::kernel::text::refusal_in;

/// The file is not UTF-8: names would be spoilt.
pub(super) const NOT_UTF8: &str = "not-utf8";
/// A row is longer than 64 KiB.
pub(super) const ROW_TOO_LONG: &str = "row-too-long";
/// The file ends in the middle.
pub(super) const TRUNCATED: &str = "file-truncated";
/// The file is no such file.
pub(super) const UNREADABLE: &str = "file-unreadable";
/// Something that every row needs is not there.
pub(super) const REQUIRED: &str = "required";
/// The names of the columns are not those that are documented.
pub(super) const HEADER_WRONG: &str = "header-wrong";

/// One thing that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// Property of the row, as a JSON pointer; empty for the whole row.
    pub pointer: String,
    /// Stable code.
    pub code: &'static str,
}

impl RowFault {
    /// A fault of the property at this pointer.
    pub fn new(pointer: impl Into<String>, code: &'static str) -> Self {
        Self { pointer: pointer.into(), code }
    }

    /// The fault that serde found, by what it says; `pointer` is where. It may be made of whatever
    /// somebody sent as a name, so one that may hold a BSN is not repeated.
    pub(super) fn of_message(pointer: String, message: &str) -> Self {
        let fault = Self::told_by(pointer, message);
        if holds_bsn_like(&fault.pointer) { Self::new("", fault.code) } else { fault }
    }

    fn told_by(pointer: String, message: &str) -> Self {
        if let Some(rule) = refusal_in(message) {
            return Self::new(pointer, rule.code);
        }
        let named = |code| {
            let name = format!("/{}", name_in(message));
            let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
            let is_named = message.split('`').nth(1).is_some_and(|name| pointer.ends_with(&format!("/{name}")));
            Self::new(format!("{}{name}", if is_named { parent } else { pointer.as_str() }), code)
        };
        let begins: [(&str, &dyn Fn() -> Self); 8] = [
            ("unknown field", &|| named("unknown-property")),
            ("missing field", &|| named(REQUIRED)),
            ("duplicate field", &|| named("duplicate-property")),
            // What serde_json says of null in place of a code.
            ("expected value", &|| Self::new(pointer.clone(), "unknown-value")),
            ("unknown variant", &|| Self::new(pointer.clone(), "unknown-value")),
            ("invalid type", &|| Self::new(pointer.clone(), "wrong-type")),
            ("invalid value", &|| Self::new(pointer.clone(), "out-of-range")),
            ("wrong-type", &|| Self::new(pointer.clone(), "wrong-type")),
        ];
        let known = begins.iter().find(|(start, _)| message.starts_with(start));
        known.map_or_else(|| Self::new(pointer.clone(), "malformed"), |(_, fault)| fault())
    }
}

/// The property that serde names between backticks, cut short and made safe for a pointer.
fn name_in(message: &str) -> String {
    let name = message.split('`').nth(1).unwrap_or_default();
    name.chars()
        .filter(|character| !character.is_control())
        .take(64)
        .collect::<String>()
        .replace('~', "~0")
        .replace('/', "~1")
}

/// Why a whole file is not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable code.
    pub code: &'static str,
    /// Row at which reading stopped, from 1.
    pub row: Option<u64>,
    /// What was expected, where that helps: names of columns or of files.
    pub expected: Vec<&'static str>,
}

impl Refusal {
    /// The whole file is refused.
    #[must_use]
    pub const fn whole(code: &'static str) -> Self {
        Self { code, row: None, expected: Vec::new() }
    }

    /// Reading stopped at this row.
    #[must_use]
    pub const fn at(code: &'static str, row: u64) -> Self {
        Self { code, row: Some(row), expected: Vec::new() }
    }

    /// These were expected.
    #[must_use]
    pub fn expecting(code: &'static str, expected: &[&'static str]) -> Self {
        Self { code, row: None, expected: expected.to_vec() }
    }
}

/// Why reading stopped before the end.
#[derive(Debug)]
pub enum Halt {
    /// The file is refused.
    Refused(Refusal),
    /// What the rows are given to, or what they are read from, failed.
    Failed(Error),
}

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Only the store of the upload fails with an error of ours inside; all else is about the bytes.
impl From<io::Error> for Halt {
    fn from(error: io::Error) -> Self {
        let kind = error.kind();
        match error.into_inner().map(<dyn std::error::Error + Send + Sync>::downcast::<Error>) {
            Some(Ok(ours)) => Self::Failed(*ours),
            _ if kind == io::ErrorKind::QuotaExceeded => Self::Refused(Refusal::whole(super::archive::BOMB)),
            _ => Self::Refused(Refusal::whole(UNREADABLE)),
        }
    }
}
