//! What an attendance record must be, whoever writes it.

use chrono::NaiveDate;

use super::model::Attended;
use crate::error::{Error, Fault, Result, Rule};
use crate::kernel::fact::IN_THE_FUTURE;
use crate::kernel::today::Today;

/// The longest stretch of one record, in days.
const LONGEST: i64 = 31;

/// 400: a stretch is a week, a month at most, and ends after it begins.
pub(super) const NO_STRETCH: Rule = Rule {
    code: "stretch-too-long",
    nl: "Een registratie beslaat één tot 31 dagen; de laatste dag ligt niet vóór de eerste.",
    en: "A record covers one to 31 days; the last day is not before the first.",
};
/// 400: nobody is there before the first day.
pub(super) const BEFORE_PLACEMENT: Rule = Rule {
    code: "before-its-start",
    nl: "Deze dag ligt vóór de eerste dag van de plaatsing.",
    en: "This day lies before the first day of the placement.",
};
/// 400: who is there, was expected; more is made up.
pub(super) const MORE_THAN_PLANNED: Rule = Rule {
    code: "more-present-than-planned",
    nl: "Er is meer aanwezigheid dan gepland; zet wat extra is bij madeUpMinutes.",
    en: "More time was spent than planned; put what is extra under madeUpMinutes.",
};
/// 409: a day counts once.
pub(super) const OVERLAPS: Rule = Rule {
    code: "attendance-overlap",
    nl: "Over (een deel van) deze dagen staat al een registratie; wijzig die.",
    en: "A record covers (some of) these days already; change that one.",
};

/// Decides whether a record may say this of a placement that begins on `first`.
pub(super) fn plausible(attended: &Attended, first: NaiveDate, today: Today) -> Result<()> {
    let (from, until) = (attended.starts_on.date(), attended.ends_on.date());
    let mut faults: Vec<Fault> = Vec::new();
    if today.is_before(from) {
        faults.push(IN_THE_FUTURE.fault("/startsOn"));
    } else if from < first {
        faults.push(BEFORE_PLACEMENT.fault("/startsOn"));
    }
    if !(0..LONGEST).contains(&(until - from).num_days()) {
        faults.push(NO_STRETCH.fault("/endsOn"));
    }
    if attended.present_minutes > attended.planned_minutes {
        faults.push(MORE_THAN_PLANNED.fault("/presentMinutes"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::model::Attended;
    use super::plausible;
    use crate::kernel::today::Today;

    #[test]
    fn a_stretch_lies_in_the_placement_and_is_a_month_at_most() {
        let day = |month, day| NaiveDate::from_ymd_opt(2018, month, day).unwrap();
        let (first, today) = (day(9, 3), Today(day(11, 1)));
        let week = Attended {
            starts_on: day(10, 8).into(),
            ends_on: day(10, 14).into(),
            planned_minutes: 960,
            present_minutes: 840,
            made_up_minutes: 120,
        };
        assert!(plausible(&week, first, today).is_ok());
        assert!(plausible(&Attended { ends_on: day(11, 7).into(), ..week }, first, today).is_ok(), "31 days");
        assert!(plausible(&Attended { ends_on: day(11, 8).into(), ..week }, first, today).is_err());
        assert!(plausible(&Attended { ends_on: day(10, 7).into(), ..week }, first, today).is_err());
        assert!(plausible(&Attended { present_minutes: 961, ..week }, first, today).is_err());
        let ahead = Attended { starts_on: day(11, 2).into(), ends_on: day(11, 2).into(), ..week };
        assert!(plausible(&ahead, first, today).is_err());
        assert!(plausible(&week, day(10, 9), today).is_err(), "before the first day");
    }
}
