//! What a contact assignment must be, whoever asks.

use chrono::NaiveDate;

use super::model::{CreateContactAssignment, PatchContactAssignment, Standing};
use crate::error::{Result, Rule};
use crate::kernel::fact::Period;

/// 409: there is one fixed contact person at a time.
pub(super) const OVERLAPS: Rule = Rule {
    code: "contact-assignment-overlap",
    nl: "Deze organisatie heeft in (een deel van) deze periode al een vaste contactpersoon; beëindig of verbeter die toewijzing eerst.",
    en: "This organisation has a fixed contact person already in (part of) this period; end or correct that assignment first.",
};

/// The period of an assignment that is recorded for the first time.
pub(super) fn recorded(new: &CreateContactAssignment) -> Result<Period> {
    Period::new(new.effective_from.date(), new.effective_to.map(NaiveDate::from))
}

/// The period of an assignment after this correction.
pub(super) fn corrected(standing: &Standing, patch: &PatchContactAssignment) -> Result<Period> {
    let from = patch.effective_from.as_change().map_or(standing.effective_from, |day| day.date());
    let to = patch.effective_to.as_change().map_or(standing.effective_to, |day| day.copied().map(NaiveDate::from));
    Period::new(from, to)
}
