//! What still has to be done for a placement, from what is known of it.
//!
//! At least three talks of student, school and host in a placement, one of them at the host, is what the
//! national government (rijksoverheid.nl) and the Stagepact MBO ask of internships. When they are held, and
//! within how many days other things are done, is our choice.

use chrono::{Days, Months, NaiveDate};

use super::model::TaskAssignee::{self, Practice, Region, School, Student};
use super::model::TaskKind;
use super::rows::Mark;
use crate::placements::agreements::SigningParty;
use crate::placements::evaluations::{EvaluationJudge, EvaluationMoment};
use crate::placements::outcomes::OutcomeMoment;
use crate::placements::placements::PlacementStatus;
use crate::placements::readiness::{Need, NeedCode, Preparation};
use crate::regions::readiness_rules::Severity;

/// Three-way talks that a placement has at least.
const TALKS: u64 = 3;
/// Days after the end, and after a year, in which is asked what became of the intern.
const DAYS_FOR_OUTCOME: Days = Days::new(28);
/// Days in which a seat that came free is filled.
const DAYS_FOR_SEAT: Days = Days::new(14);

/// What is known of a placement.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) status: PlacementStatus,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: NaiveDate,
    /// Until when the seat is kept, of a reservation.
    pub(super) expires_on: Option<NaiveDate>,
    /// When it ended, whichever way.
    pub(super) ended_on: Option<NaiveDate>,
    /// Whether a mentor is named.
    pub(super) guided: bool,
    /// What it needs before it starts; none when the caller cannot see that.
    pub(super) preparation: Option<Preparation>,
    /// The three-way talks that were held: whether at the host.
    pub(super) talks: Vec<bool>,
    pub(super) evaluations: Vec<(EvaluationMoment, EvaluationJudge)>,
    pub(super) outcomes: Vec<OutcomeMoment>,
    /// Whether its seat came free and somebody waits who fits.
    pub(super) leaves_a_seat: bool,
}

/// What a task is about, besides its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// Nothing more.
    Itself,
    /// Something that is needed before the start.
    Need(Need),
    /// The talk with this number, at the host or wherever.
    Talk(i16, bool),
    /// One of the evaluations.
    Evaluation(EvaluationMoment),
    /// One of the outcomes.
    Outcome(OutcomeMoment),
}

/// Something that has to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ToDo {
    pub(super) kind: TaskKind,
    pub(super) assignee: TaskAssignee,
    pub(super) due_on: NaiveDate,
    pub(super) subject: Subject,
}

impl ToDo {
    const fn new(kind: TaskKind, assignee: TaskAssignee, due_on: NaiveDate) -> Self {
        Self { kind, assignee, due_on, subject: Subject::Itself }
    }

    const fn about(self, subject: Subject) -> Self {
        Self { subject, ..self }
    }

    /// What tells it from the other tasks of its placement.
    pub(super) const fn mark(&self) -> Mark {
        let (need, number) = match self.subject {
            Subject::Need(need) => (Some(need.need), 0),
            Subject::Talk(number, _) => (None, number),
            Subject::Outcome(OutcomeMoment::AfterAYear) => (None, 1),
            Subject::Itself | Subject::Evaluation(_) | Subject::Outcome(OutcomeMoment::AtEnd) => (None, 0),
        };
        (self.kind, self.assignee, need, number)
    }
}

/// All that has to be done, in the order of the life of a placement.
pub(super) fn to_do(facts: &Facts) -> Vec<ToDo> {
    use PlacementStatus::{
        Active, AgreementPending, Cancelled, Completed, Confirmed, Declined, EndedEarly, Interrupted, Introduced,
        Proposed, Ready, Reserved,
    };
    let mut found = match facts.status {
        Proposed => vec![ToDo::new(TaskKind::Reserve, Region, facts.starts_on)],
        Reserved => vec![answer(facts, TaskKind::Introduce, School), answer(facts, TaskKind::Confirm, Practice)],
        Introduced => vec![answer(facts, TaskKind::Confirm, Practice)],
        Confirmed | AgreementPending | Ready => before_the_start(facts),
        Active | Interrupted => while_it_goes_on(facts),
        Completed | EndedEarly => after_the_end(facts),
        Declined | Cancelled => Vec::new(),
    };
    if let Some(ended_on) = facts.ended_on.filter(|_| facts.leaves_a_seat) {
        found.push(ToDo::new(TaskKind::FillFreeSeat, Region, ended_on + DAYS_FOR_SEAT));
    }
    found.sort_by_key(ToDo::mark);
    found.dedup_by_key(|task| task.mark());
    found
}

/// A step that a reservation waits for.
fn answer(facts: &Facts, kind: TaskKind, assignee: TaskAssignee) -> ToDo {
    ToDo::new(kind, assignee, facts.expires_on.unwrap_or(facts.starts_on))
}

fn before_the_start(facts: &Facts) -> Vec<ToDo> {
    let starts_on = facts.starts_on;
    let mut found = signatures(facts);
    found.extend(mentor(facts));
    let Some(preparation) = &facts.preparation else { return found };
    let mut missing: Vec<Need> = preparation.readiness.items.iter().filter(|need| !need.met).copied().collect();
    // Of one need that is asked for twice, the task is the stricter.
    missing.sort_by_key(|need| need.severity != Severity::Blocks);
    found.extend(missing.into_iter().filter_map(|need| {
        let assignee = who_meets(need.need)?;
        // Without a mentor there is nobody to hold a certificate.
        let in_turn = facts.guided || need.need != NeedCode::MentorCertificate;
        in_turn.then(|| ToDo::new(TaskKind::MeetNeed, assignee, starts_on).about(Subject::Need(need)))
    }));
    found.extend(agreement(facts, preparation));
    match facts.status {
        PlacementStatus::Confirmed if preparation.unsigned.is_some() => {
            found.push(ToDo::new(TaskKind::BeginSigning, School, starts_on));
        }
        PlacementStatus::AgreementPending if preparation.readiness.ready => {
            found.push(ToDo::new(TaskKind::SetReady, Region, starts_on));
        }
        PlacementStatus::Ready => {
            found.push(ToDo::new(TaskKind::Start, Practice, starts_on));
            // Who was not recognised on the first day is told of what is needed for it.
            found.extend(recognition(facts, preparation).filter(|task| task.due_on > starts_on));
        }
        _ => {}
    }
    found
}

/// Who sees to what is needed; none of what has tasks of its own.
const fn who_meets(need: NeedCode) -> Option<TaskAssignee> {
    match need {
        NeedCode::SignedAgreement => None,
        NeedCode::Employer | NeedCode::CertificateOfConduct | NeedCode::HepatitisBStatement => Some(School),
        NeedCode::Recognition
        | NeedCode::MentorCertificate
        | NeedCode::DutyToVerify
        | NeedCode::ConfidentialityStatement => Some(Practice),
    }
}

/// Who has not signed: by the first day, or by the day of a sheet that was made later.
fn signatures(facts: &Facts) -> Vec<ToDo> {
    let Some(sheet) = facts.preparation.as_ref().and_then(|preparation| preparation.unsigned.as_ref()) else {
        return Vec::new();
    };
    let due_on = facts.starts_on.max(sheet.made_on);
    let signers = sheet.awaiting.iter().map(|party| match party {
        SigningParty::Student => Student,
        SigningParty::School => School,
        SigningParty::Practice => Practice,
    });
    signers.map(|signer| ToDo::new(TaskKind::SignAgreement, signer, due_on)).collect()
}

fn mentor(facts: &Facts) -> Option<ToDo> {
    (!facts.guided).then(|| ToDo::new(TaskKind::NameMentor, Practice, facts.starts_on))
}

/// An agreement where none stands: by the first day, or by the day on which the last one ended.
fn agreement(facts: &Facts, preparation: &Preparation) -> Option<ToDo> {
    let due_on = due_again(facts, preparation);
    preparation.unsigned.is_none().then(|| ToDo::new(TaskKind::MakeAgreement, School, due_on))
}

/// The first day, or the day of what came later: a switch of the learning path ends the agreement.
fn due_again(facts: &Facts, preparation: &Preparation) -> NaiveDate {
    preparation.agreement_ended_on.map_or(facts.starts_on, |ended_on| ended_on.max(facts.starts_on))
}

/// Who came into the work-based path while it goes on needs an employer.
fn employer(facts: &Facts, preparation: &Preparation) -> Option<ToDo> {
    let missing = |need: &&Need| need.need == NeedCode::Employer && !need.met;
    let need = preparation.readiness.items.iter().find(missing)?;
    Some(ToDo::new(TaskKind::MeetNeed, School, due_again(facts, preparation)).about(Subject::Need(*need)))
}

/// The host lost its recognition: it gets another one, or the intern another seat.
fn recognition(facts: &Facts, preparation: &Preparation) -> Option<ToDo> {
    let lost_on = preparation.unrecognised_from?;
    Some(ToDo::new(TaskKind::SeeToRecognition, Region, lost_on.max(facts.starts_on)))
}

fn while_it_goes_on(facts: &Facts) -> Vec<ToDo> {
    let mut found = signatures(facts);
    if let Some(preparation) = &facts.preparation {
        found.extend(agreement(facts, preparation));
        found.extend(employer(facts, preparation));
        found.extend(recognition(facts, preparation));
    }
    found.extend(mentor(facts));
    found.extend(talks(facts));
    found.extend(evaluations(facts));
    found.push(match facts.status {
        PlacementStatus::Interrupted => ToDo::new(TaskKind::Resume, School, facts.ends_on),
        _ => ToDo::new(TaskKind::Finish, School, facts.ends_on),
    });
    found
}

/// The day on which so many of four quarters of the placement are over.
fn quarter(facts: &Facts, so_many: u64) -> NaiveDate {
    let days = u64::try_from((facts.ends_on - facts.starts_on).num_days()).unwrap_or(0);
    facts.starts_on + Days::new(days * so_many.min(4) / 4)
}

/// The talks that were not held yet: after one, two and three quarters. When none was at the host, the
/// last is; when three were held elsewhere, a fourth is.
fn talks(facts: &Facts) -> Vec<ToDo> {
    let held = u64::try_from(facts.talks.len()).unwrap_or(TALKS);
    let on_site = facts.talks.contains(&true);
    let last = if on_site { TALKS } else { TALKS.max(held + 1) };
    let talk = |number: u64| {
        let subject = Subject::Talk(i16::try_from(number).unwrap_or(i16::MAX), number == last && !on_site);
        ToDo::new(TaskKind::HoldThreeWayTalk, School, quarter(facts, number.min(TALKS))).about(subject)
    };
    (held + 1..=last).map(talk).collect()
}

/// The next evaluation of each judge; who skipped one is not asked for it any more. Of an internship that
/// was completed, the final one.
fn evaluations(facts: &Facts) -> Vec<ToDo> {
    use EvaluationMoment::{Final, First, Midterm};
    let judges =
        [(EvaluationJudge::Mentor, Practice), (EvaluationJudge::School, School), (EvaluationJudge::Student, Student)];
    let next = |judge: EvaluationJudge| {
        let judged = facts.evaluations.iter().filter(|(_, by)| *by == judge).map(|(moment, _)| *moment);
        match judged.max() {
            Some(Final) => None,
            _ if facts.ended_on.is_some() => Some(Final),
            Some(Midterm) => Some(Final),
            Some(First) => Some(Midterm),
            None => Some(First),
        }
    };
    let due = |moment| match moment {
        First => quarter(facts, 1),
        Midterm => quarter(facts, 2),
        Final => facts.ended_on.unwrap_or(facts.ends_on),
    };
    let evaluate = |(judge, assignee)| {
        let moment = next(judge)?;
        Some(ToDo::new(TaskKind::Evaluate, assignee, due(moment)).about(Subject::Evaluation(moment)))
    };
    judges.into_iter().filter_map(evaluate).collect()
}

/// What became of the intern, at the end and a year later. Once both are known, nothing is asked any more.
fn after_the_end(facts: &Facts) -> Vec<ToDo> {
    let Some(ended_on) = facts.ended_on else { return Vec::new() };
    let due = |moment| match moment {
        OutcomeMoment::AtEnd => ended_on + DAYS_FOR_OUTCOME,
        OutcomeMoment::AfterAYear => {
            ended_on.checked_add_months(Months::new(12)).unwrap_or(ended_on) + DAYS_FOR_OUTCOME
        }
    };
    let unknown = [OutcomeMoment::AtEnd, OutcomeMoment::AfterAYear]
        .into_iter()
        .filter(|moment| !facts.outcomes.contains(moment))
        .map(|moment| ToDo::new(TaskKind::RecordOutcome, Region, due(moment)).about(Subject::Outcome(moment)));
    let mut found: Vec<ToDo> = unknown.collect();
    if !found.is_empty() && facts.status == PlacementStatus::Completed {
        found.extend(evaluations(facts));
    }
    found
}

#[cfg(test)]
mod tests;
