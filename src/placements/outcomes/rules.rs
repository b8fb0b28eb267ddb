//! When is known what became of an intern.

use chrono::{Months, NaiveDate};

use super::model::{CorrectOutcome, OutcomeMoment, RecordOutcome, Version};
use crate::error::{Result, Rule};
use crate::kernel::fact::IN_THE_FUTURE;
use crate::kernel::today::Today;

/// 409: what became of an intern shows after the end.
pub(super) const NOT_ENDED: Rule = Rule {
    code: "placement-not-ended",
    nl: "Deze plaatsing is nog niet voltooid of voortijdig beëindigd.",
    en: "This placement was not completed or ended early yet.",
};
/// 400: a year has not passed.
pub(super) const WITHIN_A_YEAR: Rule = Rule {
    code: "within-a-year",
    nl: "Deze dag ligt minder dan een jaar na het einde van de plaatsing.",
    en: "This day lies less than a year after the end of the placement.",
};
/// 409: it is asked once at a moment.
pub(super) const RECORDED_ALREADY: Rule = Rule {
    code: "already-recorded",
    nl: "De uitkomst op dit moment is al vastgelegd; verbeter die.",
    en: "The outcome at this moment is on record already; correct that one.",
};

/// Decides whether an outcome may be recorded like this of a placement that ended on a day.
pub(super) fn may_record(new: &RecordOutcome, ended_on: Option<NaiveDate>, today: Today) -> Result<()> {
    plausible(new.moment, new.known_on.date(), ended_on, today)
}

/// The version that a correction leads to.
pub(super) fn correct(
    standing: &Version,
    patch: CorrectOutcome,
    ended_on: Option<NaiveDate>,
    today: Today,
) -> Result<Version> {
    let next = standing.corrected(patch);
    plausible(next.moment, next.known_on.date(), ended_on, today)?;
    Ok(next)
}

fn plausible(moment: OutcomeMoment, known_on: NaiveDate, ended_on: Option<NaiveDate>, today: Today) -> Result<()> {
    let ended_on = ended_on.ok_or_else(|| NOT_ENDED.conflict())?;
    if today.is_before(known_on) {
        return Err(IN_THE_FUTURE.fault("/knownOn").into());
    }
    let a_year_on = ended_on.checked_add_months(Months::new(12));
    if moment == OutcomeMoment::AfterAYear && a_year_on.is_none_or(|day| known_on < day) {
        return Err(WITHIN_A_YEAR.fault("/knownOn").into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::plausible;
    use crate::kernel::today::Today;
    use crate::placements::outcomes::OutcomeMoment::{AfterAYear, AtEnd};

    #[test]
    fn a_year_is_a_year_and_nothing_is_known_ahead() {
        let day = |year, day| NaiveDate::from_ymd_opt(year, 7, day).unwrap();
        let (ended, today) = (Some(day(2019, 5)), Today(day(2020, 6)));
        assert!(plausible(AtEnd, day(2019, 1), ended, today).is_ok(), "agreed before the end");
        assert!(plausible(AfterAYear, day(2020, 4), ended, today).is_err());
        assert!(plausible(AfterAYear, day(2020, 5), ended, today).is_ok());
        assert!(plausible(AfterAYear, day(2020, 7), ended, today).is_err(), "tomorrow");
        assert!(plausible(AtEnd, day(2019, 5), None, today).is_err(), "not ended");
    }
}
