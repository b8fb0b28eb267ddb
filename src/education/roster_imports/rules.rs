//! When a roster import may be begun and moved, and what it is refused for.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::model::RosterImportStatus;
use crate::error::{Error, Result, Rule};
use crate::lifecycle::invalid_transition;

/// 409: two imports of one school would undo each other's work.
pub(super) const IMPORT_UNFINISHED: Rule = Rule {
    code: "import-unfinished",
    nl: "Er loopt nog een import van deze school; wacht tot die klaar is, of breek hem af.",
    en: "An import of this school is still under way; wait until it ends, or cancel it.",
};
/// 400: the school has no such programme.
pub(super) const UNKNOWN_PROGRAMME: Rule = Rule {
    code: "unknown-programme",
    nl: "De school heeft geen opleiding met deze code; registreer haar eerst.",
    en: "The school has no programme with this code; register it first.",
};
/// 400: nothing was sent.
pub(super) const EMPTY: Rule = Rule {
    code: "body-empty",
    nl: "Er is niets verstuurd; zet de studentenlijst in de body.",
    en: "Nothing was sent; put the roster into the body.",
};
/// 409: the import was cancelled while it came in.
pub(super) const CANCELLED: Rule = Rule {
    code: "import-cancelled",
    nl: "De import is afgebroken terwijl hij binnenkwam; er is niets overgenomen.",
    en: "The import was cancelled while it came in; nothing of it took effect.",
};

/// 409: what was applied is newer than this file.
const SUPERSEDED: Rule = Rule {
    code: "roster-superseded",
    nl: "Er is al een nieuwere studentenlijst verwerkt; maak een nieuw bestand en stuur dat.",
    en: "A newer roster has been applied; make a new file and send that.",
};
/// 400: a line without an end.
pub(super) const ROW_TOO_LONG: Rule = Rule {
    code: "row-too-long",
    nl: "Een regel van het bestand is langer dan 64 KiB; er is niets overgenomen.",
    en: "A line of the file is longer than 64 KiB; nothing of it took effect.",
};

/// 409: a roster of this later moment has been applied.
pub(super) fn superseded_by(moment: DateTime<Utc>) -> Error {
    SUPERSEDED.conflict().with("appliedTakenAt", json!(moment))
}

/// A group of fewer active students may shrink as it likes.
pub(super) const SMALLEST_GUARDED: i64 = 5;

/// The states that the school itself can move an import to.
pub(super) fn allowed(status: RosterImportStatus) -> Vec<RosterImportStatus> {
    use RosterImportStatus::{Cancelled, GuardBlocked, Queued, Receiving, Running};
    match status {
        Receiving | Queued | Running => vec![Cancelled],
        GuardBlocked => vec![Queued, Cancelled],
        _ => Vec::new(),
    }
}

/// Whether the school may move an import there.
///
/// # Errors
/// 409 `invalid-transition`.
pub(super) fn may_move(from: RosterImportStatus, to: RosterImportStatus) -> Result<()> {
    let allowed = allowed(from);
    if allowed.contains(&to) { Ok(()) } else { Err(invalid_transition(from, &allowed)) }
}

/// Whether so large a part of a group is missing that somebody has to say it is right.
pub(super) const fn shrinks_too_much(active: i64, missing: i64) -> bool {
    active >= SMALLEST_GUARDED && missing * 2 > active
}

#[cfg(test)]
mod tests {
    use super::super::model::RosterImportStatus::{Cancelled, Done, GuardBlocked, Queued, Running};
    use super::{may_move, shrinks_too_much};

    #[test]
    fn a_blocked_import_is_confirmed_or_dropped_and_a_finished_one_stays() {
        assert!(may_move(GuardBlocked, Queued).is_ok());
        assert!(may_move(GuardBlocked, Cancelled).is_ok());
        assert!(may_move(Running, Cancelled).is_ok());
        assert!(may_move(Running, Queued).is_err());
        assert!(may_move(Done, Cancelled).is_err());
    }

    #[test]
    fn half_of_a_group_may_go_and_of_a_small_one_everybody() {
        assert!(!shrinks_too_much(4, 4));
        assert!(!shrinks_too_much(10, 5));
        assert!(shrinks_too_much(10, 6));
        assert!(shrinks_too_much(5, 3));
    }
}
