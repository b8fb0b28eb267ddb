//! What a signal must be, and whether the host sees it.

use chrono::NaiveDate;

use super::model::{RaiseSignal, SignalKind};
use crate::auth::Scope;
use crate::error::{Error, Fault, Result, Rule};
use crate::kernel::day::Day;
use crate::kernel::fact::IN_THE_FUTURE;
use crate::kernel::today::Today;

/// 400: who left is known from the roster.
pub(super) const FROM_ROSTER_ONLY: Rule = Rule {
    code: "raised-by-roster",
    nl: "Dat een student is vertrokken, volgt uit de studentenlijst; meld het daar.",
    en: "That a student left follows from the roster; say it there.",
};
/// 400: who switched is known from the learning path.
pub(super) const FROM_PATH_ONLY: Rule = Rule {
    code: "raised-by-learning-path",
    nl: "Dat een student van leerweg wisselde, volgt uit de leerwegperiodes; leg het daar vast.",
    en: "That a student switched follows from the learning path periods; record it there.",
};
/// 400: a request has no host that could be shown anything.
pub(super) const NO_HOST_YET: Rule = Rule {
    code: "no-host-yet",
    nl: "Een aanvraag heeft nog geen stagebieder die het signaal kan zien.",
    en: "A request has no host yet that could see the signal.",
};
/// 409: one signal is followed at a time.
pub(super) const FOLLOWED_ALREADY: Rule = Rule {
    code: "signal-followed-already",
    nl: "Over hetzelfde loopt al een ander signaal.",
    en: "Another signal about the same is being followed.",
};

/// Decides whether a signal may be raised like this; gives the day.
pub(super) fn raised(new: &RaiseSignal, today: Today) -> Result<NaiveDate> {
    let day = new.raised_on.map_or(today.0, Day::date);
    let mut faults: Vec<Fault> = Vec::new();
    match new.kind {
        SignalKind::StudentLeftRoster => faults.push(FROM_ROSTER_ONLY.fault("/kind")),
        SignalKind::LearningPathSwitched => faults.push(FROM_PATH_ONLY.fault("/kind")),
        _ => {}
    }
    if today.is_before(day) {
        faults.push(IN_THE_FUTURE.fault("/raisedOn"));
    }
    if faults.is_empty() { Ok(day) } else { Err(Error::Invalid(faults)) }
}

/// Decides whether a signal about a request may be raised like this; gives the day.
pub(super) fn raised_about_request(new: &RaiseSignal, today: Today) -> Result<NaiveDate> {
    if new.shown_to_practice {
        return Err(NO_HOST_YET.fault("/shownToPractice").into());
    }
    raised(new, today)
}

/// Whether the host sees a signal: what it raises itself always.
pub(super) const fn shown_to_practice(scope: &Scope, asked: bool) -> bool {
    asked || matches!(scope, Scope::Practice(_))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{raised, raised_about_request, shown_to_practice};
    use crate::auth::Scope;
    use crate::kernel::ids::OrganisationId;
    use crate::kernel::today::Today;

    #[test]
    fn a_signal_is_raised_today_or_before_and_not_for_the_roster() {
        let today = Today(NaiveDate::from_ymd_opt(2018, 11, 12).unwrap());
        let new = |json: &str| serde_json::from_str(json).unwrap();
        assert_eq!(raised(&new(r#"{"kind":"conflict"}"#), today).unwrap(), today.0);
        assert!(raised(&new(r#"{"kind":"conflict","raisedOn":"2018-11-13"}"#), today).is_err());
        assert!(raised(&new(r#"{"kind":"student-left-roster"}"#), today).is_err());
        assert!(raised(&new(r#"{"kind":"learning-path-switched"}"#), today).is_err());
    }

    #[test]
    fn a_request_has_no_host_to_show_a_signal_to() {
        let today = Today(NaiveDate::from_ymd_opt(2018, 11, 12).unwrap());
        let new = |json: &str| serde_json::from_str(json).unwrap();
        assert!(raised_about_request(&new(r#"{"kind":"paperwork","shownToPractice":true}"#), today).is_err());
        assert!(raised_about_request(&new(r#"{"kind":"student-left-roster"}"#), today).is_err());
        assert_eq!(raised_about_request(&new(r#"{"kind":"paperwork"}"#), today).unwrap(), today.0);
    }

    #[test]
    fn a_host_sees_what_it_raised() {
        let (practice, school) = (Scope::Practice(OrganisationId::new()), Scope::School(OrganisationId::new()));
        assert!(shown_to_practice(&practice, false) && shown_to_practice(&school, true));
        assert!(!shown_to_practice(&school, false));
    }
}
