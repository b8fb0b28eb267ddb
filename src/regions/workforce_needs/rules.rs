//! What a stated need must be, whoever asks.

use chrono::NaiveDate;

use super::model::{CreateWorkforceNeed, PatchWorkforceNeed, Standing};
use crate::error::{Result, Rule};
use crate::kernel::fact::Period;
use crate::kernel::today::Today;

/// 409: there is one estimate at a time, per profession and year.
pub(super) const OVERLAPS: Rule = Rule {
    code: "workforce-need-overlap",
    nl: "Voor dit beroep en dit jaar geldt in (een deel van) deze periode al een raming; beëindig of verbeter die eerst.",
    en: "An estimate holds already for this profession and year in (part of) this period; end or correct it first.",
};

/// The period of an estimate that is recorded for the first time.
pub(super) fn recorded(new: &CreateWorkforceNeed, today: Today) -> Result<Period> {
    Period::recorded(new.effective_from.date(), new.effective_to.map(NaiveDate::from), today)
}

/// The period of an estimate after this correction.
pub(super) fn corrected(standing: &Standing, patch: &PatchWorkforceNeed, today: Today) -> Result<Period> {
    let from = patch.effective_from.as_change().map_or(standing.effective_from, |day| day.date());
    let to = patch.effective_to.as_change().map_or(standing.effective_to, |day| day.copied().map(NaiveDate::from));
    Period::recorded(from, to, today)
}
