//! What a cohort must be, whoever asks.

use chrono::NaiveDate;

use super::model::{PatchCohort, Standing};
use crate::error::{Error, Fault, Result, Rule};
use crate::kernel::fact::IN_THE_FUTURE;
use crate::kernel::today::Today;

/// 409: a programme has one cohort of a form in a school year.
pub(super) const ALREADY_ENTERED: Rule = Rule {
    code: "already-recorded",
    nl: "Dit cohort is al ingevoerd: deze opleiding heeft er in dit schooljaar al een in deze vorm.",
    en: "This cohort was entered before: the programme has one of this form in this school year.",
};
/// 409: something was recorded about the cohort, so it stays.
pub(super) const IN_USE: Rule = Rule {
    code: "still-referred-to",
    nl: "Er hangt nog iets aan dit cohort, zoals een telling of een student; het kan niet weg.",
    en: "Something still hangs on this cohort, such as a count or a student; it cannot go.",
};
/// 400: only a cap can be lifted.
pub(super) const NO_CAP_TO_LIFT: Rule = Rule {
    code: "no-cap-to-lift",
    nl: "Zonder numerus fixus is er niets op te heffen; geef ook intakeCap, of laat capLiftedOn weg.",
    en: "Without an intake cap there is nothing to lift; give intakeCap too, or leave out capLiftedOn.",
};

/// Refuses a lifting without a cap, or one that lies ahead.
pub(super) fn capped(intake_cap: Option<i32>, lifted_on: Option<NaiveDate>, today: Today) -> Result<()> {
    let mut faults: Vec<Fault> = Vec::new();
    if lifted_on.is_some_and(|day| today.is_before(day)) {
        faults.push(IN_THE_FUTURE.fault("/capLiftedOn"));
    }
    if lifted_on.is_some() && intake_cap.is_none() {
        faults.push(NO_CAP_TO_LIFT.fault("/capLiftedOn"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// Decides whether a cohort may be changed like this.
pub(super) fn may_change(standing: &Standing, patch: &PatchCohort, today: Today) -> Result<()> {
    let cap = patch.intake_cap.as_change().map_or(standing.intake_cap, Option::<&i32>::copied);
    let lifted_on =
        patch.cap_lifted_on.as_change().map_or(standing.cap_lifted_on, |day| day.copied().map(NaiveDate::from));
    capped(cap, lifted_on, today)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::capped;
    use crate::kernel::today::Today;

    #[test]
    fn only_a_cap_is_lifted_and_not_ahead_of_time() {
        let day = |day| NaiveDate::from_ymd_opt(2019, 3, day);
        let today = Today(day(20).unwrap());
        assert!(capped(Some(24), None, today).is_ok());
        assert!(capped(Some(24), day(20), today).is_ok());
        assert!(capped(None, day(20), today).is_err());
        assert!(capped(Some(24), day(21), today).is_err());
        assert!(capped(None, None, today).is_ok());
    }
}
