//! Who judges, and what an evaluation must be.

use super::model::{CorrectEvaluation, EvaluationJudge, RecordEvaluation, RubricGroup, RubricScore, Version};
use crate::auth::Scope;
use crate::error::{Error, Fault, Result, Rule};
use crate::kernel::checks::each_once;
use crate::kernel::day::Day;
use crate::kernel::fact::IN_THE_FUTURE;
use crate::kernel::today::Today;

/// 400: each side judges for itself.
pub(super) const NOT_YOURS_TO_JUDGE: Rule = Rule {
    code: "not-yours-to-judge",
    nl: "Een stagebieder legt het oordeel van de praktijkbegeleider vast, een school dat van zichzelf en van de student.",
    en: "A host records its mentor's judgement, a school its own and the student's.",
};
/// 409: one judge judges once at a moment.
pub(super) const RECORDED_ALREADY: Rule = Rule {
    code: "already-recorded",
    nl: "Deze beoordeling is al vastgelegd; verbeter die.",
    en: "This evaluation is on record already; correct that one.",
};

/// Decides whether an evaluation may be recorded like this by this caller.
pub(super) fn may_record(new: &RecordEvaluation, scope: &Scope, today: Today) -> Result<()> {
    let mut faults = day_fault(new.held_on, today);
    if !judges_for(scope, new.judged_by) {
        faults.push(NOT_YOURS_TO_JUDGE.fault("/judgedBy"));
    }
    if faults.is_empty() { each_criterion_once(&new.scores) } else { Err(Error::Invalid(faults)) }
}

/// The version that a correction leads to.
pub(super) fn correct(standing: &Version, patch: CorrectEvaluation, today: Today) -> Result<Version> {
    if let Some(scores) = patch.scores.as_change() {
        each_criterion_once(scores)?;
    }
    let next = standing.corrected(patch);
    let faults = day_fault(next.held_on, today);
    if faults.is_empty() { Ok(next) } else { Err(Error::Invalid(faults)) }
}

const fn judges_for(scope: &Scope, judge: EvaluationJudge) -> bool {
    match scope {
        Scope::Practice(_) => matches!(judge, EvaluationJudge::Mentor),
        Scope::School(_) => matches!(judge, EvaluationJudge::School | EvaluationJudge::Student),
        _ => true,
    }
}

fn day_fault(held_on: Day, today: Today) -> Vec<Fault> {
    if today.is_before(held_on.date()) { vec![IN_THE_FUTURE.fault("/heldOn")] } else { Vec::new() }
}

fn each_criterion_once(scores: &[RubricScore]) -> Result<()> {
    let criteria: Vec<(RubricGroup, &str)> = scores.iter().map(|line| (line.group, line.criterion.as_str())).collect();
    each_once("/scores", &criteria)
}

#[cfg(test)]
mod tests {
    use super::judges_for;
    use crate::auth::Scope;
    use crate::kernel::ids::{OrganisationId, RegionId};
    use crate::placements::evaluations::EvaluationJudge::{Mentor, School, Student};

    #[test]
    fn each_side_judges_for_itself_and_the_bureau_writes_down_what_it_is_told() {
        let (practice, school) = (Scope::Practice(OrganisationId::new()), Scope::School(OrganisationId::new()));
        assert!(judges_for(&practice, Mentor) && !judges_for(&practice, School) && !judges_for(&practice, Student));
        assert!(!judges_for(&school, Mentor) && judges_for(&school, School) && judges_for(&school, Student));
        let bureau = Scope::Region(RegionId::new());
        assert!([Mentor, School, Student].into_iter().all(|judge| judges_for(&bureau, judge)));
    }
}
