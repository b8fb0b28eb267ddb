//! What can go wrong, by HTTP meaning; rendered as `application/problem+json` (RFC 9457)
//! by [`crate::http::problem`], in the caller's language.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use serde_json::{Map, Value};

/// The result of everything that can be refused.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A sentence for people in both languages of the API; codes never change with the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Dutch, the default.
    pub nl: Cow<'static, str>,
    /// English.
    pub en: Cow<'static, str>,
}

impl Text {
    /// Pairs the Dutch sentence with the English one.
    pub fn new(nl: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self { nl: nl.into(), en: en.into() }
    }
}

/// A stable code with its explanation and cure, declared beside the rule that raises it.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable, kebab-case; clients may branch on it.
    pub code: &'static str,
    /// Dutch explanation: what is wrong and what to do.
    pub nl: &'static str,
    /// The same in English.
    pub en: &'static str,
}

impl Rule {
    /// The state of the resource forbids it (409).
    #[must_use]
    pub fn conflict(&'static self) -> Error {
        Error::Conflict { rule: self, members: Box::default() }
    }

    /// The request itself is wrong (400), with no single field to blame.
    #[must_use]
    pub fn bad_request(&'static self) -> Error {
        Error::BadRequest(self)
    }

    /// One property of the body is wrong (400); `pointer` is a JSON pointer in camelCase.
    #[must_use]
    pub fn fault(&'static self, pointer: impl Into<String>) -> Fault {
        Fault { place: Place::Body, pointer: pointer.into(), code: self.code, detail: Text::new(self.nl, self.en) }
    }
}

/// Where in the request a fault was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The request body; the pointer is a JSON pointer into it.
    Body,
    /// A path parameter; the pointer is `/` and its name.
    Path,
    /// A query parameter; the pointer is `/` and its name.
    Query,
    /// A header; the pointer is `/` and its name.
    Header,
}

/// One thing that is wrong with the input. The refused value itself is never kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Part of the request.
    pub place: Place,
    /// JSON pointer within that part.
    pub pointer: String,
    /// Stable code.
    pub code: &'static str,
    /// What is expected.
    pub detail: Text,
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Invalid(vec![fault])
    }
}

/// Everything a request can be answered with besides success, by HTTP meaning.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 400 `invalid-input`: all faults of the request at once.
    #[error("invalid input ({} faults)", .0.len())]
    Invalid(Vec<Fault>),
    /// 400 with a code of its own, for example `invalid-cursor`.
    #[error("bad request: {}", .0.code)]
    BadRequest(&'static Rule),
    /// 401 `invalid-token`: one text for every cause.
    #[error("not authenticated")]
    Unauthenticated,
    /// 403 `scope-missing`: decided before any look-up; names the scope.
    #[error("scope missing: {0}")]
    ScopeMissing(&'static str),
    /// 403 on a row the caller can see.
    #[error("forbidden: {}", .0.code)]
    Forbidden(&'static Rule),
    /// 404: not there, or not the caller's.
    #[error("not found")]
    NotFound,
    /// 405, with the methods the path does have.
    #[error("method not allowed")]
    MethodNotAllowed(String),
    /// 406, 408, 413, 415, 431: the request cannot be taken in as it is.
    #[error("refused: {}", .1.code)]
    Refused(StatusCode, &'static Rule),
    /// 409: the state forbids it; `members` are added to the problem.
    #[error("conflict: {}", rule.code)]
    Conflict {
        /// Why.
        rule: &'static Rule,
        /// Extension members, for example `allowedTransitions`.
        members: Box<Map<String, Value>>,
    },
    /// 412 `version-mismatch`: the resource changed since it was read.
    #[error("version mismatch")]
    VersionMismatch,
    /// 428 `if-match-required`.
    #[error("If-Match required")]
    IfMatchRequired,
    /// 422 `idempotency-key-reused`: same key, other request.
    #[error("idempotency key reused")]
    IdempotencyKeyReused,
    /// 429 with the seconds to wait.
    #[error("rate limited")]
    RateLimited {
        /// Seconds.
        retry_after: u64,
    },
    /// 503: it has certainly not happened and will not.
    #[error("unavailable: {}", .0.code)]
    Unavailable(&'static Rule),
    /// 504 `outcome-unknown`: it may have happened; the same Idempotency-Key tells.
    #[error("outcome unknown")]
    OutcomeUnknown,
    /// 500: a defect of ours; logged, never explained to the caller.
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    /// Wraps a defect for the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// Adds an extension member to a conflict; other kinds stay as they are.
    #[must_use]
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        if let Self::Conflict { members, .. } = &mut self {
            members.insert(member.to_owned(), value.into());
        }
        self
    }
}

/// 403: the row can be seen, but changing it is not this caller's right.
pub const NOT_PERMITTED_ON_RESOURCE: Rule = Rule {
    code: "not-permitted-on-resource",
    nl: "U kunt dit zien, maar niet wijzigen. Vraag de eigenaar om het recht of om een machtiging.",
    en: "You can see this, but not change it. Ask its owner for the right or for a mandate.",
};
