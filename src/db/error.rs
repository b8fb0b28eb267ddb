//! Database failures by what they mean for the caller. diesel hides most SQLSTATEs, so the
//! meaning is read from what it does give: the kind, the constraint, and `PostgreSQL`'s message
//! (English, which the check at start demands).

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::error::{Error, Rule};

/// 503: no connection could be had, or it broke before anything was committed.
pub const DATABASE_UNAVAILABLE: Rule = Rule {
    code: "database-unavailable",
    nl: "De gegevens zijn even niet bereikbaar; er is zeker niets vastgelegd. Probeer het opnieuw.",
    en: "The data cannot be reached right now; nothing was recorded for certain. Try again.",
};
/// 503: too much work at once.
pub const OVERLOADED: Rule = Rule {
    code: "overloaded",
    nl: "Het is te druk; er is zeker niets vastgelegd. Probeer het zo opnieuw.",
    en: "Too busy; nothing was recorded for certain. Try again shortly.",
};
/// 503: the database only takes reads (maintenance or fail-over).
pub const READ_ONLY: Rule = Rule {
    code: "read-only",
    nl: "Er kan nu alleen gelezen worden; er is niets vastgelegd. Probeer het later opnieuw.",
    en: "Only reading is possible now; nothing was recorded. Try again later.",
};
/// 503: the disk is full.
pub const STORAGE_FULL: Rule = Rule {
    code: "storage-full",
    nl: "Er is geen opslagruimte; er is niets vastgelegd. Probeer het later opnieuw.",
    en: "Storage is full; nothing was recorded. Try again later.",
};
/// 409: another request held the row or key too long.
pub const BUSY: Rule = Rule {
    code: "request-in-progress",
    nl: "Een ander verzoek is hiermee bezig; er is niets vastgelegd. Probeer het opnieuw.",
    en: "Another request is working on this; nothing was recorded. Try again.",
};
/// 409: something with these natural keys is already there.
pub const DUPLICATE: Rule = Rule { code: "duplicate", nl: "Dit bestaat al.", en: "This already exists." };
/// 409: other records still refer to it.
pub const STILL_REFERRED_TO: Rule = Rule {
    code: "still-referred-to",
    nl: "Hier hangt nog iets aan; dit kan niet weg of bestaat niet meer.",
    en: "Something still refers to this, or what it refers to is gone.",
};
/// 400: a value outside what can be stored (a date or number at its edge).
pub const OUT_OF_RANGE: Rule =
    Rule { code: "out-of-range", nl: "Een waarde ligt buiten het bereik.", en: "A value is out of range." };

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::NotFound => Self::NotFound,
            DieselError::DatabaseError(kind, info) => {
                let message = info.message();
                match kind {
                    DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::ExclusionViolation => DUPLICATE.conflict(),
                    DatabaseErrorKind::ForeignKeyViolation | DatabaseErrorKind::RestrictViolation => {
                        STILL_REFERRED_TO.conflict()
                    }
                    DatabaseErrorKind::SerializationFailure => BUSY.conflict(),
                    DatabaseErrorKind::ReadOnlyTransaction => Self::Unavailable(&READ_ONLY),
                    DatabaseErrorKind::ClosedConnection => Self::Unavailable(&DATABASE_UNAVAILABLE),
                    _ => from_message(message).unwrap_or_else(|| Self::internal(&error)),
                }
            }
            DieselError::BrokenTransactionManager => Self::Unavailable(&DATABASE_UNAVAILABLE),
            _ => Self::internal(&error),
        }
    }
}

/// The failures diesel reports as `Unknown`, told apart by `PostgreSQL`'s own English messages;
/// `tests/api/errors/` provokes each one, except what only a network can do that swallows packets
/// (`could not receive`, `could not send`) or breaks an encrypted connection (`SSL SYSCALL`).
fn from_message(message: &str) -> Option<Error> {
    type Meaning = (&'static str, fn() -> Error);
    const MEANINGS: &[Meaning] = &[
        ("deadlock detected", || BUSY.conflict()),
        ("due to lock timeout", || BUSY.conflict()),
        ("due to statement timeout", || Error::Unavailable(&OVERLOADED)),
        ("canceling statement due to user request", || Error::Unavailable(&OVERLOADED)),
        ("row-level security policy", || Error::Forbidden(&crate::error::NOT_PERMITTED_ON_RESOURCE)),
        ("No space left on device", || Error::Unavailable(&STORAGE_FULL)),
        ("could not extend file", || Error::Unavailable(&STORAGE_FULL)),
        ("temporary file size exceeds", || Error::Unavailable(&STORAGE_FULL)),
        ("in a read-only transaction", || Error::Unavailable(&READ_ONLY)),
        ("too many clients", || Error::Unavailable(&OVERLOADED)),
        ("remaining connection slots", || Error::Unavailable(&OVERLOADED)),
        ("terminating connection", || Error::Unavailable(&DATABASE_UNAVAILABLE)),
        ("server closed the connection", || Error::Unavailable(&DATABASE_UNAVAILABLE)),
        ("no connection to the server", || Error::Unavailable(&DATABASE_UNAVAILABLE)),
        ("could not receive data from server", || Error::Unavailable(&DATABASE_UNAVAILABLE)),
        ("could not send data to server", || Error::Unavailable(&DATABASE_UNAVAILABLE)),
        ("SSL SYSCALL error", || Error::Unavailable(&DATABASE_UNAVAILABLE)),
        ("the database system is", || Error::Unavailable(&DATABASE_UNAVAILABLE)),
        ("out of range", || OUT_OF_RANGE.bad_request()),
        ("invalid byte sequence", || OUT_OF_RANGE.bad_request()),
        ("unsupported Unicode escape sequence", || OUT_OF_RANGE.bad_request()),
        ("numeric field overflow", || OUT_OF_RANGE.bad_request()),
    ];
    MEANINGS.iter().find(|(part, _)| message.contains(part)).map(|(_, meaning)| meaning())
}

#[cfg(test)]
mod tests {
    use super::{DATABASE_UNAVAILABLE, from_message};
    use crate::error::Error;

    /// The words of libpq 15 to 17.
    #[test]
    fn a_network_that_fails_is_a_database_that_cannot_be_reached() {
        for message in [
            "could not receive data from server: Connection timed out",
            "could not send data to server: No route to host",
            "SSL SYSCALL error: EOF detected",
            "SSL SYSCALL error: Connection timed out",
        ] {
            let meant = from_message(message);
            assert!(
                matches!(meant, Some(Error::Unavailable(rule)) if rule.code == DATABASE_UNAVAILABLE.code),
                "{message}"
            );
        }
        assert!(from_message("something else").is_none());
    }
}
