//! What a milestone must be, whoever asks.

use super::model::{CreateMilestone, PatchMilestone, Standing};
use crate::error::{Result, Rule};
use crate::kernel::day::Day;
use crate::kernel::fact::IN_THE_FUTURE;
use crate::kernel::today::Today;

/// 409: what was reached is part of the record.
pub(super) const REACHED: Rule = Rule {
    code: "reached",
    nl: "Deze mijlpaal is behaald en blijft staan; is dat niet zo, maak dan eerst reachedOn leeg.",
    en: "This milestone has been reached and stays; if that is wrong, clear reachedOn first.",
};

/// Decides whether a milestone may be entered like this.
pub(super) fn may_enter(new: &CreateMilestone, today: Today) -> Result<()> {
    reached_by(new.reached_on, today)
}

/// Decides whether a change may be made to a milestone.
pub(super) fn may_change(patch: &PatchMilestone, today: Today) -> Result<()> {
    reached_by(patch.reached_on.value().copied(), today)
}

/// Decides whether a milestone may go.
pub(super) fn may_delete(current: &Standing) -> Result<()> {
    if current.reached_on.is_some() { Err(REACHED.conflict()) } else { Ok(()) }
}

fn reached_by(reached_on: Option<Day>, today: Today) -> Result<()> {
    match reached_on {
        Some(day) if today.is_before(day.date()) => Err(IN_THE_FUTURE.fault("/reachedOn").into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Standing, Today, may_change, may_delete};

    #[test]
    fn a_milestone_is_not_reached_ahead_of_today() {
        let today = Today(NaiveDate::from_ymd_opt(2019, 3, 31).unwrap());
        let reached = |day: &str| serde_json::from_value(serde_json::json!({ "reachedOn": day })).unwrap();
        assert!(may_change(&reached("2019-03-31"), today).is_ok());
        assert!(may_change(&reached("2019-04-01"), today).is_err());
        assert!(may_change(&serde_json::from_str(r#"{"reachedOn":null}"#).unwrap(), today).is_ok());
    }

    #[test]
    fn only_what_was_not_reached_may_go() {
        assert!(may_delete(&Standing { reached_on: None, version: 1 }).is_ok());
        assert!(may_delete(&Standing { reached_on: NaiveDate::from_ymd_opt(2018, 12, 14), version: 2 }).is_err());
    }
}
