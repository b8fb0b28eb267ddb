//! What a barrier must be, whoever asks.

use chrono::NaiveDate;

use super::model::{CorrectBarrier, RecordBarrier, Version};
use crate::error::{Result, Rule};
use crate::kernel::fact::Period;
use crate::kernel::today::Today;

/// 400: a barrier that never was has nothing else to correct.
pub(super) const WITHDRAWN_STANDS_ALONE: Rule = Rule {
    code: "withdrawn-stands-alone",
    nl: "Laat de andere velden weg als de belemmering er nooit was.",
    en: "Leave out the other fields when the barrier never was.",
};

/// What a correction comes to.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The version that takes the place of the standing one.
    Corrected(Version),
    /// Nothing does: it never was.
    Withdrawn,
}

/// Decides whether a barrier may be recorded like this.
pub(super) fn may_record(new: &RecordBarrier, today: Today) -> Result<()> {
    Period::recorded(new.effective_from.into(), new.effective_to.map(NaiveDate::from), today).map(drop)
}

/// Decides what a correction of the standing version comes to.
pub(super) fn correct(standing: &Version, correction: CorrectBarrier, today: Today) -> Result<Outcome> {
    if correction.withdrawn {
        return if changes_anything(&correction) {
            Err(WITHDRAWN_STANDS_ALONE.fault("/withdrawn").into())
        } else {
            Ok(Outcome::Withdrawn)
        };
    }
    let next = standing.corrected(correction);
    Period::recorded(next.effective_from.into(), next.effective_to.map(NaiveDate::from), today)?;
    Ok(Outcome::Corrected(next))
}

fn changes_anything(correction: &CorrectBarrier) -> bool {
    !(correction.title.is_absent()
        && correction.description.is_absent()
        && correction.owner_organisation_id.is_absent()
        && correction.action.is_absent()
        && correction.effective_from.is_absent()
        && correction.effective_to.is_absent())
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::model::{CorrectBarrier, RecordBarrier, Version};
    use super::{Outcome, Today, correct};
    use crate::kernel::ids::{InitiativeId, RegionId};

    fn standing() -> Version {
        let new: RecordBarrier = serde_json::from_value(serde_json::json!({
            "title": "Te weinig ruimte in de praktijk", "action": "Andere dagen zoeken", "effectiveFrom": "2018-07-01",
        }))
        .unwrap();
        new.into_version(InitiativeId::new(), RegionId::new())
    }

    fn today() -> Today {
        Today(NaiveDate::from_ymd_opt(2019, 3, 31).unwrap())
    }

    fn correction(json: &str) -> CorrectBarrier {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn resolving_makes_a_next_version_of_the_same_barrier() {
        let standing = standing();
        let resolved =
            correct(&standing, correction(r#"{"effectiveTo":"2018-11-01","action":null}"#), today()).unwrap();
        let Outcome::Corrected(next) = resolved else { panic!("withdrawn") };
        assert_eq!((next.id, next.version), (standing.id, 2));
        assert_ne!(next.row_id, standing.row_id);
        assert_eq!(next.effective_to.map(|day| day.to_string()).as_deref(), Some("2018-11-01"));
        assert_eq!(next.action, None);
        assert_eq!(next.title, standing.title);
    }

    #[test]
    fn a_barrier_is_resolved_after_it_was_identified_and_not_ahead_of_today() {
        for refused in ["2018-07-01", "2018-06-30", "2019-04-01"] {
            let correction = correction(&format!(r#"{{"effectiveTo":"{refused}"}}"#));
            assert!(correct(&standing(), correction, today()).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_withdrawal_stands_alone() {
        let withdrawn = correct(&standing(), correction(r#"{"withdrawn":true}"#), today());
        assert!(matches!(withdrawn, Ok(Outcome::Withdrawn)));
        assert!(correct(&standing(), correction(r#"{"withdrawn":true,"action":null}"#), today()).is_err());
    }
}
