//! What the steps of a placement need besides the right to take them.

use chrono::NaiveDate;

use crate::error::{Result, Rule};
use crate::lifecycle::Move;
use crate::placements::placements::{PlacementStatus, Standing};

/// 400: a placement begins on its first day or later.
pub(super) const BEFORE_ITS_START: Rule = Rule {
    code: "before-its-start",
    nl: "De stage begint niet vóór de eerste dag van de plaatsing.",
    en: "The internship does not begin before the first day of the placement.",
};
/// 409: an agreement is pending once there is one.
pub(super) const SHEET_MISSING: Rule = Rule {
    code: "sheet-missing",
    nl: "Er is nog geen overeenkomst: maak eerst het eerste bpv-blad.",
    en: "There is no agreement yet: make its first sheet first.",
};

/// Decides whether the day of a step fits the placement.
pub(super) fn fits_the_days(current: &Standing, step: &Move<PlacementStatus>) -> Result<()> {
    begins_in_time(current.starts_on, step.from, step.to, step.effective_on)
}

fn begins_in_time(starts_on: NaiveDate, from: PlacementStatus, to: PlacementStatus, on: NaiveDate) -> Result<()> {
    if from == PlacementStatus::Ready && to == PlacementStatus::Active && on < starts_on {
        return Err(BEFORE_ITS_START.fault("/effectiveOn").into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::begins_in_time;
    use crate::placements::placements::PlacementStatus::{Active, Interrupted, Ready};

    #[test]
    fn an_internship_begins_on_its_first_day_or_later() {
        let day = |day| NaiveDate::from_ymd_opt(2018, 9, day).unwrap();
        assert!(begins_in_time(day(3), Ready, Active, day(2)).is_err());
        assert!(begins_in_time(day(3), Ready, Active, day(3)).is_ok());
        assert!(begins_in_time(day(3), Interrupted, Active, day(2)).is_ok(), "it has begun");
    }
}
