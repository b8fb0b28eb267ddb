//! What a count must be, whoever asks.

use chrono::NaiveDate;

use super::model::{CreateCohortCount, PatchCohortCount, Standing};
use crate::error::{Error, Fault, Result, Rule};
use crate::kernel::fact::IN_THE_FUTURE;
use crate::kernel::today::Today;

/// 409: a cohort is counted once a day.
pub(super) const COUNTED_ALREADY: Rule = Rule {
    code: "already-recorded",
    nl: "Van dit cohort staat op deze dag al een telling; verbeter die.",
    en: "This cohort was counted on this day already; correct that count.",
};
/// 400: who waits has applied.
pub(super) const MORE_WAITING_THAN_APPLIED: Rule = Rule {
    code: "more-waiting-than-applied",
    nl: "Er kunnen niet meer mensen wachten dan er zich hebben aangemeld.",
    en: "No more people can wait than have applied.",
};

/// Refuses a count of a day ahead, or one in which more wait than applied.
fn plausible(counted_on: NaiveDate, applicants: i32, waiting: i32, today: Today) -> Result<()> {
    let mut faults: Vec<Fault> = Vec::new();
    if today.is_before(counted_on) {
        faults.push(IN_THE_FUTURE.fault("/countedOn"));
    }
    if waiting > applicants {
        faults.push(MORE_WAITING_THAN_APPLIED.fault("/applicantsWaiting"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// Decides whether a count may be recorded like this.
pub(super) fn may_record(new: &CreateCohortCount, today: Today) -> Result<()> {
    plausible(new.counted_on.date(), new.applicants, new.applicants_waiting, today)
}

/// Decides whether a count may be corrected like this.
pub(super) fn may_correct(standing: &Standing, patch: &PatchCohortCount, today: Today) -> Result<()> {
    plausible(
        patch.counted_on.as_change().map_or(standing.effective_from, |day| day.date()),
        patch.applicants.as_change().copied().unwrap_or(standing.applicants),
        patch.applicants_waiting.as_change().copied().unwrap_or(standing.applicants_waiting),
        today,
    )
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::plausible;
    use crate::kernel::today::Today;

    #[test]
    fn who_waits_has_applied_and_nobody_counts_ahead() {
        let day = |day| NaiveDate::from_ymd_opt(2019, 3, day).unwrap();
        assert!(plausible(day(20), 40, 16, Today(day(20))).is_ok());
        assert!(plausible(day(20), 40, 41, Today(day(20))).is_err());
        assert!(plausible(day(21), 40, 16, Today(day(20))).is_err());
    }
}
