//! Why the demo data could not be loaded.

use actix_web::http::{Method, StatusCode};

/// Why the demo data could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The API refused a call: a defect of the data or of ours.
    #[error("loading the demo data: {method} {path} was answered {status}: {problem}")]
    Refused {
        /// Method of the call.
        method: Method,
        /// Its path.
        path: String,
        /// What it was answered.
        status: StatusCode,
        /// The body of the answer.
        problem: String,
    },
    /// Somebody else's data is there.
    #[error("this database holds other data; the demo data goes into an empty one only")]
    NotEmpty,
    /// What the half load kept for its resumption has lapsed.
    #[error(
        "loading the demo data was interrupted more than {days} days ago and cannot be resumed: \
         remove the data folder, or empty the database, and start again"
    )]
    TooLate {
        /// For how long a load can be resumed.
        days: u64,
    },
    /// The files of the demo contradict each other.
    #[error("the demo data is not consistent: {0}")]
    Inconsistent(String),
    /// The service cannot do its part.
    #[error("loading the demo data: {0}")]
    Service(#[from] crate::error::Error),
    /// `demo-clients.json` cannot be written.
    #[error("demo-clients.json cannot be written: {0}")]
    File(#[from] std::io::Error),
}

impl LoadError {
    pub(super) fn inconsistent(what: impl std::fmt::Display) -> Self {
        Self::Inconsistent(what.to_string())
    }
}
