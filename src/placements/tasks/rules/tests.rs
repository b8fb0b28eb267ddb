use chrono::NaiveDate;

use super::{Facts, Subject, ToDo, to_do};
use crate::placements::agreements::SigningParty;
use crate::placements::evaluations::{EvaluationJudge, EvaluationMoment};
use crate::placements::outcomes::OutcomeMoment;
use crate::placements::placements::PlacementStatus;
use crate::placements::placements::PlacementStatus::{
    Active, AgreementPending, Cancelled, Completed, Confirmed, Declined, EndedEarly, Interrupted, Introduced, Proposed,
    Ready, Reserved,
};
use crate::placements::readiness::{Need, NeedCode, Preparation, Readiness, Unsigned};
use crate::placements::tasks::TaskAssignee::{self, Practice, Region, School, Student};
use crate::placements::tasks::TaskKind::{self, *};
use crate::regions::readiness_rules::Severity::{Blocks, Warns};

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2018, month, day).unwrap()
}

/// Nothing is missing but what follows from the state; from 3 September for a hundred days.
fn at(status: PlacementStatus) -> Facts {
    let ended = matches!(status, Declined | Completed | EndedEarly | Cancelled);
    Facts {
        status,
        starts_on: day(9, 3),
        ends_on: day(12, 12),
        expires_on: matches!(status, Reserved | Introduced).then(|| day(6, 15)),
        ended_on: ended.then(|| day(12, 10)),
        guided: true,
        preparation: Some(prepared(Vec::new(), Some(&[]))),
        talks: Vec::new(),
        evaluations: Vec::new(),
        outcomes: Vec::new(),
        leaves_a_seat: false,
    }
}

fn prepared(items: Vec<Need>, awaiting: Option<&[SigningParty]>) -> Preparation {
    let ready = items.iter().all(|need| need.met || need.severity == Warns);
    let unsigned = awaiting.map(|awaiting| Unsigned { made_on: day(6, 4), awaiting: awaiting.to_vec() });
    Preparation { readiness: Readiness { ready, items }, unsigned, agreement_ended_on: None, unrecognised_from: None }
}

fn told(facts: &Facts) -> Vec<(TaskKind, TaskAssignee, NaiveDate)> {
    to_do(facts).into_iter().map(|task| (task.kind, task.assignee, task.due_on)).collect()
}

fn only(facts: &Facts, kind: TaskKind) -> Vec<ToDo> {
    to_do(facts).into_iter().filter(|task| task.kind == kind).collect()
}

#[test]
fn each_step_is_told_to_those_whose_it_is() {
    assert_eq!(told(&at(Proposed)), [(Reserve, Region, day(9, 3))]);
    assert_eq!(told(&at(Reserved)), [(Introduce, School, day(6, 15)), (Confirm, Practice, day(6, 15))]);
    assert_eq!(told(&at(Introduced)), [(Confirm, Practice, day(6, 15))]);
    assert_eq!(told(&at(Confirmed)), [(BeginSigning, School, day(9, 3))]);
    assert_eq!(told(&at(AgreementPending)), [(SetReady, Region, day(9, 3))]);
    assert_eq!(told(&at(Ready)), [(Start, Practice, day(9, 3))]);
    assert_eq!(only(&at(Active), Finish).len(), 1);
    assert_eq!(only(&at(Interrupted), Resume)[0].due_on, day(12, 12));
    assert!(only(&at(Interrupted), Finish).is_empty());
    assert_eq!((told(&at(Declined)), told(&at(Cancelled))), (Vec::new(), Vec::new()));
}

#[test]
fn an_agreement_is_made_and_then_signed_by_whoever_did_not() {
    let none = Facts { preparation: Some(prepared(Vec::new(), None)), ..at(Confirmed) };
    assert_eq!(told(&none), [(MakeAgreement, School, day(9, 3))]);
    let waits = [SigningParty::Student, SigningParty::Practice];
    let unsigned = |status| Facts { preparation: Some(prepared(Vec::new(), Some(&waits))), ..at(status) };
    let signers: Vec<_> = only(&unsigned(AgreementPending), SignAgreement).iter().map(|task| task.assignee).collect();
    assert_eq!(signers, [Practice, Student]);
    assert_eq!(only(&unsigned(Active), SignAgreement).len(), 2, "a later sheet is signed too");
    let mut late = unsigned(Active);
    late.preparation.as_mut().unwrap().unsigned.as_mut().unwrap().made_on = day(10, 1);
    assert_eq!(only(&late, SignAgreement)[0].due_on, day(10, 1), "not before it was there");
}

#[test]
fn without_an_agreement_one_is_made_as_long_as_it_goes_on() {
    let none = |status| Facts { preparation: Some(prepared(Vec::new(), None)), ..at(status) };
    for status in [AgreementPending, Ready, Active, Interrupted] {
        assert_eq!(only(&none(status), MakeAgreement)[0].due_on, day(9, 3), "{status:?}");
    }
    for status in [Reserved, Introduced, Completed, EndedEarly, Cancelled] {
        assert!(only(&none(status), MakeAgreement).is_empty(), "{status:?}");
    }
    let mut switched = none(Active);
    let need = |need| Need { need, severity: Blocks, met: false };
    let preparation = switched.preparation.as_mut().unwrap();
    preparation.agreement_ended_on = Some(day(10, 1));
    preparation.readiness.items = vec![need(NeedCode::Employer), need(NeedCode::CertificateOfConduct)];
    let told = |kind| only(&switched, kind).iter().map(|task| (task.assignee, task.due_on)).collect::<Vec<_>>();
    assert_eq!(told(MakeAgreement), [(School, day(10, 1))], "not before the last one ended");
    assert_eq!(told(MeetNeed), [(School, day(10, 1))], "of what is needed before the start, the employer only");
}

#[test]
fn a_recognition_that_was_withdrawn_within_the_placement_is_seen_to() {
    let lost = |status, on| {
        let mut facts = at(status);
        facts.preparation.as_mut().unwrap().unrecognised_from = Some(on);
        only(&facts, SeeToRecognition).iter().map(|task| (task.assignee, task.due_on)).collect::<Vec<_>>()
    };
    for status in [Ready, Active, Interrupted] {
        assert_eq!(lost(status, day(10, 1)), [(Region, day(10, 1))], "{status:?}");
    }
    for status in [Reserved, Confirmed, AgreementPending, Completed, EndedEarly] {
        assert_eq!(lost(status, day(10, 1)), [], "{status:?}");
    }
    assert_eq!(lost(Active, day(8, 1)), [(Region, day(9, 3))], "recorded afterwards");
    assert_eq!(lost(Ready, day(9, 3)), [], "that is a need of the first day");
}

#[test]
fn what_is_missing_before_the_start_is_told_and_holds_ready_up() {
    let need = |need, severity, met| Need { need, severity, met };
    let items = vec![
        need(NeedCode::SignedAgreement, Blocks, false),
        need(NeedCode::CertificateOfConduct, Warns, false),
        need(NeedCode::MentorCertificate, Blocks, false),
        need(NeedCode::CertificateOfConduct, Blocks, false),
        need(NeedCode::Recognition, Blocks, true),
    ];
    let facts = Facts { preparation: Some(prepared(items, Some(&[]))), ..at(AgreementPending) };
    let needs: Vec<_> = only(&facts, MeetNeed).iter().map(|task| (task.assignee, task.subject)).collect();
    assert_eq!(
        needs,
        [
            (Practice, Subject::Need(need(NeedCode::MentorCertificate, Blocks, false))),
            (School, Subject::Need(need(NeedCode::CertificateOfConduct, Blocks, false))),
        ]
    );
    assert!(only(&facts, SetReady).is_empty());
    let alone = Facts { guided: false, ..facts };
    let kinds: Vec<_> = told(&alone).into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, [NameMentor, MeetNeed], "who is not named has no certificate to show");
    let warned = vec![need(NeedCode::CertificateOfConduct, Warns, false)];
    let warned = Facts { preparation: Some(prepared(warned, Some(&[]))), ..at(AgreementPending) };
    let kinds: Vec<_> = told(&warned).into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, [MeetNeed, SetReady]);
}

#[test]
fn three_talks_are_spread_and_one_is_at_the_host() {
    let talks = |held: &[bool]| {
        let facts = Facts { talks: held.to_vec(), ..at(Active) };
        let talk = |task: &ToDo| match task.subject {
            Subject::Talk(number, on_site) => (number, on_site, task.due_on),
            other => panic!("{other:?}"),
        };
        only(&facts, HoldThreeWayTalk).iter().map(talk).collect::<Vec<_>>()
    };
    let (first, second, third) = (day(9, 28), day(10, 23), day(11, 17));
    assert_eq!(talks(&[]), [(1, false, first), (2, false, second), (3, true, third)]);
    assert_eq!(talks(&[true]), [(2, false, second), (3, false, third)]);
    assert_eq!(talks(&[false, false]), [(3, true, third)]);
    assert_eq!(talks(&[false, true, false]), []);
    assert_eq!(talks(&[false, false, false]), [(4, true, third)], "three elsewhere are not enough");
}

#[test]
fn each_judge_is_asked_for_the_next_evaluation() {
    use EvaluationMoment::{Final, First, Midterm};
    let evaluations =
        vec![(First, EvaluationJudge::Mentor), (Midterm, EvaluationJudge::School), (Final, EvaluationJudge::Student)];
    let asked = |status| {
        let facts = Facts { evaluations: evaluations.clone(), ..at(status) };
        only(&facts, Evaluate).iter().map(|task| (task.assignee, task.subject, task.due_on)).collect::<Vec<_>>()
    };
    assert_eq!(
        asked(Active),
        [(Practice, Subject::Evaluation(Midterm), day(10, 23)), (School, Subject::Evaluation(Final), day(12, 12)),]
    );
    let after: Vec<_> = asked(Completed).into_iter().map(|(who, ..)| who).collect();
    assert_eq!((after, asked(EndedEarly).len()), (vec![Practice, School], 0));
    assert_eq!(only(&at(Active), Evaluate)[2].due_on, day(9, 28), "the student after a quarter");
}

#[test]
fn what_became_of_the_intern_is_asked_twice() {
    let due = |outcomes: &[OutcomeMoment]| {
        let facts = Facts { outcomes: outcomes.to_vec(), ..at(EndedEarly) };
        only(&facts, RecordOutcome).iter().map(|task| task.due_on.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(due(&[]), ["2019-01-07", "2020-01-07"]);
    assert_eq!(due(&[OutcomeMoment::AtEnd]), ["2020-01-07"]);
    let both = vec![OutcomeMoment::AtEnd, OutcomeMoment::AfterAYear];
    assert_eq!(told(&Facts { outcomes: both, ..at(Completed) }), [], "nor is anything evaluated by then");
}

#[test]
fn a_seat_that_came_free_is_filled_within_two_weeks() {
    let left = |status| told(&Facts { leaves_a_seat: true, ..at(status) });
    assert_eq!(left(Declined), [(FillFreeSeat, Region, day(12, 24))]);
    assert_eq!(left(EndedEarly).len(), 3);
}

/// What the search for what is due before a day rests on.
#[test]
fn nothing_is_due_before_the_days_that_a_placement_is_found_by() {
    let everything_missing = |status, awaiting| {
        let need = |need| Need { need, severity: Warns, met: false };
        let items = vec![need(NeedCode::Recognition), need(NeedCode::Employer)];
        let lost_early = Preparation {
            agreement_ended_on: Some(day(1, 1)),
            unrecognised_from: Some(day(1, 1)),
            ..prepared(items, awaiting)
        };
        Facts { guided: false, preparation: Some(lost_early), leaves_a_seat: true, ..at(status) }
    };
    for status in [
        Proposed,
        Reserved,
        Introduced,
        Confirmed,
        AgreementPending,
        Ready,
        Active,
        Interrupted,
        Declined,
        Completed,
        EndedEarly,
        Cancelled,
    ] {
        for awaiting in [None, Some(&[SigningParty::School][..])] {
            let facts = everything_missing(status, awaiting);
            let first = facts.ended_on.or(facts.expires_on).unwrap_or(facts.starts_on);
            let tasks = to_do(&facts);
            assert!(!tasks.is_empty() && tasks.iter().all(|task| task.due_on >= first), "{status:?}: {tasks:?}");
            let mut marks: Vec<_> = tasks.iter().map(ToDo::mark).collect();
            marks.dedup();
            assert_eq!(marks.len(), tasks.len(), "{status:?}: no two tasks have the same mark");
        }
    }
}
