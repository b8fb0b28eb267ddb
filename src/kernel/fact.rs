//! Facts have two dates: the days on which they hold, and the moment they were recorded.
//! Nothing that is counted is overwritten: a correction is a new version that supersedes.

use chrono::{DateTime, NaiveDate, Utc};

use super::today::Today;
use crate::error::{Fault, Result, Rule};

/// 400: the end of a period lies on or before its start.
pub const ENDS_BEFORE_START: Rule = Rule {
    code: "ends-before-start",
    nl: "De einddatum (exclusief) moet na de begindatum liggen.",
    en: "The end date (exclusive) must lie after the start date.",
};
/// 400: facts are recorded when they hold, not before.
pub const IN_THE_FUTURE: Rule = Rule {
    code: "in-the-future",
    nl: "Deze datum mag niet in de toekomst liggen.",
    en: "This date may not lie in the future.",
};

/// The days on which a fact holds: from `from` up to, not including, `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// First day on which it no longer holds; none while it still does.
    pub to: Option<NaiveDate>,
}

impl Period {
    /// A period, refused when it ends before it starts.
    ///
    /// # Errors
    /// `ends-before-start` at `/effectiveTo`.
    pub fn new(from: NaiveDate, to: Option<NaiveDate>) -> Result<Self> {
        if to.is_some_and(|to| to <= from) {
            return Err(ENDS_BEFORE_START.fault("/effectiveTo").into());
        }
        Ok(Self { from, to })
    }

    /// The same, for facts that may not lie ahead.
    ///
    /// # Errors
    /// `ends-before-start`, `in-the-future`.
    pub fn recorded(from: NaiveDate, to: Option<NaiveDate>, today: Today) -> Result<Self> {
        let faults: Vec<Fault> = [("/effectiveFrom", Some(from)), ("/effectiveTo", to)]
            .into_iter()
            .filter(|(_, day)| day.is_some_and(|day| today.is_before(day)))
            .map(|(pointer, _)| IN_THE_FUTURE.fault(pointer))
            .collect();
        if faults.is_empty() { Self::new(from, to) } else { Err(crate::error::Error::Invalid(faults)) }
    }

    /// Whether the fact holds on this day.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }
}

/// The point from which facts are looked at: as they hold on a day, as known at a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct View {
    /// Only facts that hold on this day; all of them when absent.
    pub as_of: Option<NaiveDate>,
    /// As the records stood at this moment; as they stand now when absent.
    pub known_at: Option<DateTime<Utc>>,
}

impl View {
    /// What holds on a day, as the records stand now.
    #[must_use]
    pub const fn on(day: NaiveDate) -> Self {
        Self { as_of: Some(day), known_at: None }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Period, Today};

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 3, day).unwrap()
    }

    #[test]
    fn the_last_day_does_not_count() {
        let period = Period::new(day(1), Some(day(10))).unwrap();
        assert!(period.holds_on(day(1)));
        assert!(period.holds_on(day(9)));
        assert!(!period.holds_on(day(10)));
    }

    #[test]
    fn an_empty_period_is_refused() {
        assert!(Period::new(day(1), Some(day(1))).is_err());
    }

    #[test]
    fn a_recorded_fact_does_not_lie_ahead() {
        assert!(Period::recorded(day(2), None, Today(day(1))).is_err());
        assert!(Period::recorded(day(1), None, Today(day(1))).is_ok());
    }
}
