//! What a deliverable must be, whoever asks.

use super::model::{CreateDeliverable, PatchDeliverable, Standing};
use crate::error::{Result, Rule};
use crate::kernel::day::Day;
use crate::kernel::fact::IN_THE_FUTURE;
use crate::kernel::today::Today;

/// 409: what was handed over is part of the record.
pub(super) const DELIVERED: Rule = Rule {
    code: "delivered",
    nl: "Dit is opgeleverd en blijft staan; is dat niet zo, maak dan eerst deliveredOn leeg.",
    en: "This has been delivered and stays; if that is wrong, clear deliveredOn first.",
};

/// Decides whether a deliverable may be entered like this.
pub(super) fn may_enter(new: &CreateDeliverable, today: Today) -> Result<()> {
    delivered_by(new.delivered_on, today)
}

/// Decides whether a change may be made to a deliverable.
pub(super) fn may_change(patch: &PatchDeliverable, today: Today) -> Result<()> {
    delivered_by(patch.delivered_on.value().copied(), today)
}

/// Decides whether a deliverable may go.
pub(super) fn may_delete(current: &Standing) -> Result<()> {
    if current.delivered_on.is_some() { Err(DELIVERED.conflict()) } else { Ok(()) }
}

fn delivered_by(delivered_on: Option<Day>, today: Today) -> Result<()> {
    match delivered_on {
        Some(day) if today.is_before(day.date()) => Err(IN_THE_FUTURE.fault("/deliveredOn").into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Standing, Today, may_change, may_delete};

    #[test]
    fn a_deliverable_is_not_delivered_ahead_of_today() {
        let today = Today(NaiveDate::from_ymd_opt(2019, 3, 31).unwrap());
        let delivered = |day: &str| serde_json::from_value(serde_json::json!({ "deliveredOn": day })).unwrap();
        assert!(may_change(&delivered("2019-03-31"), today).is_ok());
        assert!(may_change(&delivered("2019-04-01"), today).is_err());
        assert!(may_change(&serde_json::from_str(r#"{"deliveredOn":null}"#).unwrap(), today).is_ok());
    }

    #[test]
    fn only_what_was_not_delivered_may_go() {
        assert!(may_delete(&Standing { delivered_on: None, version: 1 }).is_ok());
        assert!(may_delete(&Standing { delivered_on: NaiveDate::from_ymd_opt(2018, 12, 14), version: 2 }).is_err());
    }
}
