//! What a recognition must be, whoever asks.

use super::model::Dates;
use crate::error::{Error, Fault, Result, Rule};
use crate::kernel::fact::IN_THE_FUTURE;
use crate::kernel::today::Today;

/// 400: it is reviewed after it began.
pub(super) const REVIEWED_BEFORE_VALID: Rule = Rule {
    code: "review-before-start",
    nl: "De herbeoordeling ligt na de eerste dag van de erkenning.",
    en: "The review lies after the first day of the recognition.",
};
/// 400: it cannot be withdrawn before it began.
pub(super) const WITHDRAWN_BEFORE_VALID: Rule = Rule {
    code: "withdrawn-before-start",
    nl: "De intrekking ligt op of na de eerste dag van de erkenning.",
    en: "The withdrawal lies on or after the first day of the recognition.",
};
/// 409: the same recognition was recorded before.
pub(super) const ALREADY_RECORDED: Rule = Rule {
    code: "already-recorded",
    nl: "Deze erkenning is al vastgelegd: zelfde vestiging, kwalificatie en begindatum.",
    en: "This recognition was recorded before: same site, qualification and first day.",
};

/// Decides whether these dates can be those of a recognition; names all that are wrong.
pub(super) fn may_hold(dates: Dates, today: Today) -> Result<()> {
    let checks = [
        (dates.review_by.is_some_and(|day| day <= dates.valid_from), "/reviewBy", &REVIEWED_BEFORE_VALID),
        (dates.withdrawn_on.is_some_and(|day| day < dates.valid_from), "/withdrawnOn", &WITHDRAWN_BEFORE_VALID),
        (today.is_before(dates.checked_on), "/checkedOn", &IN_THE_FUTURE),
    ];
    let faults: Vec<Fault> =
        checks.into_iter().filter(|(wrong, ..)| *wrong).map(|(_, pointer, rule)| rule.fault(pointer)).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Dates, may_hold};
    use crate::error::Error;
    use crate::kernel::today::Today;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 3, day).unwrap()
    }

    #[test]
    fn it_may_be_withdrawn_on_its_first_day_but_not_reviewed_then() {
        let dates = Dates { valid_from: day(10), review_by: None, withdrawn_on: Some(day(10)), checked_on: day(31) };
        assert!(may_hold(dates, Today(day(31))).is_ok());
        assert!(may_hold(Dates { review_by: Some(day(10)), ..dates }, Today(day(31))).is_err());
    }

    #[test]
    fn every_wrong_date_is_named() {
        let dates =
            Dates { valid_from: day(10), review_by: Some(day(9)), withdrawn_on: Some(day(9)), checked_on: day(12) };
        let refused = may_hold(dates, Today(day(11)));
        assert!(matches!(refused, Err(Error::Invalid(faults)) if faults.len() == 3));
    }
}
