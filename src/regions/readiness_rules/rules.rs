//! What a readiness rule must be, whoever asks.

use chrono::NaiveDate;

use super::model::{CreateReadinessRule, PatchReadinessRule, Standing};
use crate::error::{Result, Rule};
use crate::kernel::fact::Period;

/// 409: a requirement has one severity at a time, per profession.
pub(super) const OVERLAPS: Rule = Rule {
    code: "readiness-rule-overlap",
    nl: "Voor deze voorwaarde en dit beroep geldt in (een deel van) deze periode al een regel; beëindig of verbeter die eerst.",
    en: "A rule holds already for this requirement and profession in (part of) this period; end or correct it first.",
};

/// The period of a rule that is set for the first time.
pub(super) fn recorded(new: &CreateReadinessRule) -> Result<Period> {
    Period::new(new.effective_from.date(), new.effective_to.map(NaiveDate::from))
}

/// The period of a rule after this correction.
pub(super) fn corrected(standing: &Standing, patch: &PatchReadinessRule) -> Result<Period> {
    let from = patch.effective_from.as_change().map_or(standing.effective_from, |day| day.date());
    let to = patch.effective_to.as_change().map_or(standing.effective_to, |day| day.copied().map(NaiveDate::from));
    Period::new(from, to)
}
