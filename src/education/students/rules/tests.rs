use chrono::NaiveDate;

use super::super::record::{CohortKey, PatchStudent, PutStudent};
use super::super::register::{Register, Registered};
use super::super::rows::{Held, Standing};
use super::{PathStep, Plan, StudentChange, plan};
use crate::education::cohorts::CohortForm;
use crate::error::{Error, Result};
use crate::kernel::field::{LearningPath, Weekday};
use crate::kernel::formats::{SchoolYear, SourcedId};
use crate::kernel::ids::{CohortId, OrganisationId, ProgrammeId, StudentId};
use crate::kernel::today::Today;

const TODAY: Today = Today(NaiveDate::from_ymd_opt(2019, 3, 20).unwrap());

fn register() -> Register {
    let (bol, both) = (ProgrammeId::new(), ProgrammeId::new());
    let key = CohortKey { school_year: SchoolYear::new("2018-2019").unwrap(), form: CohortForm::Regular };
    let offered = |id, learning_paths| Registered { id, learning_paths };
    Register {
        programmes: [
            ("bol".to_owned(), offered(bol, vec![LearningPath::Bol])),
            ("both".to_owned(), offered(both, vec![LearningPath::Bol, LearningPath::Bbl])),
        ]
        .into(),
        cohorts: [((bol, key), CohortId::new())].into(),
    }
}

fn wish(json: &str) -> StudentChange {
    let put: PutStudent = serde_json::from_str(json).unwrap();
    put.into_record(SourcedId::new("demo-0001").unwrap()).into()
}

fn said(more: &str) -> StudentChange {
    wish(&format!(r#"{{"givenName":"Voorbeeld","familyName":"Eén","programmeCode":"bol"{more}}}"#))
}

fn held(plan: Plan) -> Held {
    let student = Standing {
        id: StudentId::new(),
        school_id: OrganisationId::new(),
        sourced_id: SourcedId::new("demo-0001").unwrap(),
        version: 1,
        enrolment: plan.enrolment,
    };
    Held { student, identity: plan.identity, open: None }
}

fn codes(refused: Result<Plan>) -> Vec<(String, &'static str)> {
    match refused {
        Err(Error::Invalid(faults)) => faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_same_record_changes_nothing() {
    let register = register();
    let more = r#","cohort":{"schoolYear":"2018-2019","form":"regular"},"studyYear":1,"availableDays":["tuesday","monday"],"postcode4":"5038""#;
    let first = held(plan(None, said(more), &register, TODAY).unwrap());
    assert!(plan(Some(&first), said(more), &register, TODAY).unwrap().changes_nothing(&first));
    let reordered = more.replace(r#"["tuesday","monday"]"#, r#"["monday","tuesday"]"#);
    assert!(plan(Some(&first), said(&reordered), &register, TODAY).unwrap().changes_nothing(&first));
    assert!(plan(Some(&first), said(""), &register, TODAY).unwrap().changes_nothing(&first), "absent leaves");
    let cleared = plan(Some(&first), said(r#","postcode4":null,"availableDays":null"#), &register, TODAY).unwrap();
    assert!(!cleared.changes_nothing(&first));
    assert_eq!(cleared.identity.unwrap().postcode4, None);
    assert_eq!(cleared.enrolment.available_days, None);
    assert_eq!(first.student.enrolment.available_days, Some(vec![Weekday::Monday, Weekday::Tuesday]));
}

#[test]
fn whoever_is_on_the_roster_is_active_again() {
    let register = register();
    let mut gone = held(plan(None, said(""), &register, TODAY).unwrap());
    gone.student.enrolment.active = false;
    assert!(plan(Some(&gone), said(""), &register, TODAY).unwrap().enrolment.active);
    let patch: PatchStudent = serde_json::from_str(r#"{"studyYear":2}"#).unwrap();
    assert!(!plan(Some(&gone), patch.into(), &register, TODAY).unwrap().enrolment.active);
}

#[test]
fn a_change_of_programme_clears_the_cohort() {
    let register = register();
    let cohort = r#","cohort":{"schoolYear":"2018-2019","form":"regular"}"#;
    let first = held(plan(None, said(cohort), &register, TODAY).unwrap());
    assert!(first.student.enrolment.cohort_id.is_some());
    let moved = wish(r#"{"givenName":"Voorbeeld","familyName":"Eén","programmeCode":"both"}"#);
    assert_eq!(plan(Some(&first), moved, &register, TODAY).unwrap().enrolment.cohort_id, None);
}

#[test]
fn everything_that_is_wrong_is_named_at_once() {
    let register = register();
    let more = r#","cohort":{"schoolYear":"2017-2018","form":"regular"},"learningPath":"bbl","availableFrom":"2019-05-01","availableUntil":"2019-04-30","availableDays":["monday","monday"]"#;
    let mut found = codes(plan(None, said(more), &register, TODAY));
    found.sort();
    let expected = [
        ("/availableDays/1", "duplicate-item"),
        ("/availableUntil", "ends-before-start"),
        ("/cohort", "unknown-cohort"),
        ("/learningPath", "path-not-offered"),
    ];
    assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
    let unknown = wish(r#"{"givenName":"Voorbeeld","familyName":"Eén","programmeCode":"elders"}"#);
    assert_eq!(codes(plan(None, unknown, &register, TODAY)), [("/programmeCode".to_owned(), "unknown-programme")]);
    assert_eq!(codes(plan(None, said(r#","accelerated":true"#), &register, TODAY))[0].1, "learning-path-missing");
}

#[test]
fn the_first_learning_path_begins_today() {
    let register = register();
    let begun = plan(None, said(r#","learningPath":"bol","accelerated":true"#), &register, TODAY).unwrap();
    assert_eq!(begun.path, PathStep::Begin(LearningPath::Bol, true));
    assert_eq!(plan(None, said(""), &register, TODAY).unwrap().path, PathStep::Stay);
}
