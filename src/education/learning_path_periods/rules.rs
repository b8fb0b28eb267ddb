//! What a period of a learning path must be, and when one is a switch.

use chrono::NaiveDate;

use super::model::{CreateLearningPathPeriod, EndReason, PatchLearningPathPeriod, Standing};
use crate::error::{Result, Rule};
use crate::kernel::fact::Period;
use crate::kernel::today::Today;

/// 409: a student follows one learning path at a time.
pub(super) const OVERLAPS: Rule = Rule {
    code: "period-overlap",
    nl: "In (een deel van) deze periode is al een leerweg vastgelegd; verbeter of beëindig die eerst.",
    en: "A learning path has been recorded already in (part of) this period; correct or end that one first.",
};
/// 409: going on in the same path is no switch.
pub(super) const SAME_PATH: Rule = Rule {
    code: "same-learning-path",
    nl: "De student volgt deze leerweg al; verbeter de lopende periode als die niet klopt.",
    en: "The student follows this learning path already; correct the current period if it is not right.",
};
/// 400: an end has a reason, and a reason an end.
pub(super) const END_AND_REASON: Rule = Rule {
    code: "end-and-reason",
    nl: "Een einde en zijn reden horen bij elkaar: geef effectiveTo en endReason allebei, of geen van beide.",
    en: "An end and its reason belong together: give both effectiveTo and endReason, or neither.",
};

/// What a new period does to the one that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// It stands beside it.
    Beside(Period),
    /// It takes over on its first day.
    TakesOver(NaiveDate),
}

/// Decides what recording a period does.
pub(super) fn entry(open: Option<&Standing>, new: &CreateLearningPathPeriod, today: Today) -> Result<Entry> {
    let from = new.effective_from.map_or(today.0, NaiveDate::from);
    let to = new.effective_to.map(NaiveDate::from);
    goes_together(to, new.end_reason)?;
    let period = Period::recorded(from, to, today)?;
    match open {
        Some(open) if to.is_none() => {
            if open.learning_path == new.learning_path {
                Err(SAME_PATH.conflict())
            } else if from <= open.effective_from {
                Err(OVERLAPS.conflict())
            } else {
                Ok(Entry::TakesOver(from))
            }
        }
        _ => Ok(Entry::Beside(period)),
    }
}

/// The days and the end of a period after this correction.
pub(super) fn corrected(
    standing: &Standing,
    patch: &PatchLearningPathPeriod,
    today: Today,
) -> Result<(Period, Option<EndReason>)> {
    let from = patch.effective_from.as_change().map_or(standing.effective_from, |day| day.date());
    let to = patch.effective_to.as_change().map_or(standing.effective_to, |day| day.copied().map(NaiveDate::from));
    let reason = patch.end_reason.as_change().map_or(standing.end_reason, Option::<&EndReason>::copied);
    goes_together(to, reason)?;
    Ok((Period::recorded(from, to, today)?, reason))
}

fn goes_together(to: Option<NaiveDate>, reason: Option<EndReason>) -> Result<()> {
    match (to, reason) {
        (Some(_), None) => Err(END_AND_REASON.fault("/endReason").into()),
        (None, Some(_)) => Err(END_AND_REASON.fault("/effectiveTo").into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::super::model::{CreateLearningPathPeriod, Standing};
    use super::{Entry, entry};
    use crate::kernel::field::LearningPath;
    use crate::kernel::ids::{LearningPathPeriodId, OrganisationId, StudentId};
    use crate::kernel::today::Today;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 3, day).unwrap()
    }

    fn bol_since(first: u32) -> Standing {
        Standing {
            row_id: Uuid::nil(),
            id: LearningPathPeriodId::new(),
            version: 1,
            student_id: StudentId::new(),
            school_id: OrganisationId::new(),
            learning_path: LearningPath::Bol,
            accelerated: false,
            effective_from: day(first),
            effective_to: None,
            end_reason: None,
        }
    }

    fn new(json: &str) -> CreateLearningPathPeriod {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn another_path_takes_over_at_any_moment() {
        let entered = entry(Some(&bol_since(1)), &new(r#"{"learningPath":"bbl"}"#), Today(day(20))).unwrap();
        assert_eq!(entered, Entry::TakesOver(day(20)));
        let earlier = new(r#"{"learningPath":"bbl","effectiveFrom":"2019-03-02"}"#);
        assert_eq!(entry(Some(&bol_since(1)), &earlier, Today(day(20))).unwrap(), Entry::TakesOver(day(2)));
    }

    #[test]
    fn the_same_path_is_no_switch_and_nothing_starts_before_what_is_open() {
        assert!(entry(Some(&bol_since(1)), &new(r#"{"learningPath":"bol"}"#), Today(day(20))).is_err());
        let same_day = new(r#"{"learningPath":"bbl","effectiveFrom":"2019-03-01"}"#);
        assert!(entry(Some(&bol_since(1)), &same_day, Today(day(20))).is_err());
    }

    #[test]
    fn an_end_and_its_reason_go_together() {
        for json in [
            r#"{"learningPath":"bol","effectiveFrom":"2019-03-01","effectiveTo":"2019-03-10"}"#,
            r#"{"learningPath":"bol","endReason":"left"}"#,
        ] {
            assert!(entry(None, &new(json), Today(day(20))).is_err());
        }
        let ended =
            r#"{"learningPath":"bbl","effectiveFrom":"2019-03-01","effectiveTo":"2019-03-10","endReason":"left"}"#;
        assert!(matches!(entry(Some(&bol_since(10)), &new(ended), Today(day(20))), Ok(Entry::Beside(_))));
    }

    #[test]
    fn nobody_switches_tomorrow() {
        let ahead = new(r#"{"learningPath":"bbl","effectiveFrom":"2019-03-21"}"#);
        assert!(entry(Some(&bol_since(1)), &ahead, Today(day(20))).is_err());
    }
}
