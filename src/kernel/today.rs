//! The business day, handed to rules as a value: rules never look at a clock.

use chrono::NaiveDate;

/// The Europe/Amsterdam date of the database's clock (demo mode may fix it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Today(pub NaiveDate);

impl Today {
    /// Whether `day` still lies ahead.
    #[must_use]
    pub fn is_before(self, day: NaiveDate) -> bool {
        self.0 < day
    }
}
