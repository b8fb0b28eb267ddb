//! What a student must be, and what a record from the school's system does to what is held.

use chrono::NaiveDate;

use super::model::SearchStudents;
use super::record::{CohortKey, PatchStudent, StudentRecord};
use super::register::{Register, Registered};
use super::rows::{Enrolment, Held, Identity};
use crate::education::learning_path_periods as paths;
use crate::error::{Error, Fault, Result, Rule};
use crate::http::patch::Patch;
use crate::kernel::checks::{ENDS_BEFORE_IT_STARTS, each_once};
use crate::kernel::day::Day;
use crate::kernel::field::{LearningPath, Weekday};
use crate::kernel::formats::{Email, Postcode4};
use crate::kernel::text::Line;
use crate::kernel::today::Today;

/// 400: students are of registered programmes only.
pub(super) const UNKNOWN_PROGRAMME: Rule = Rule {
    code: "unknown-programme",
    nl: "De school heeft geen opleiding met deze code; registreer haar eerst.",
    en: "The school has no programme with this code; register it first.",
};
/// 400: the programme has no such cohort.
pub(super) const UNKNOWN_COHORT: Rule = Rule {
    code: "unknown-cohort",
    nl: "De opleiding heeft geen cohort van dit schooljaar in deze vorm; registreer het eerst.",
    en: "The programme has no cohort of this school year in this form; register it first.",
};
/// 400: the programme is not offered in this learning path.
pub(super) const PATH_NOT_OFFERED: Rule = Rule {
    code: "path-not-offered",
    nl: "De opleiding wordt niet in deze leerweg aangeboden.",
    en: "The programme is not offered in this learning path.",
};
/// 400: a pace is the pace of a learning path.
pub(super) const PATH_MISSING: Rule = Rule {
    code: "learning-path-missing",
    nl: "Versneld hoort bij een leerweg: noem haar erbij, want er is er nog geen vastgelegd.",
    en: "Accelerated belongs to a learning path: name it too, for none has been recorded yet.",
};
/// 409: whoever left the roster is not placed.
pub const STUDENT_INACTIVE: Rule = Rule {
    code: "student-inactive",
    nl: "Deze student staat niet meer op de studentenlijst van de school.",
    en: "This student is no longer on the school's roster.",
};
/// 400: a search for nobody in particular.
pub(super) const NOTHING_TO_SEARCH_BY: Rule = Rule {
    code: "criteria-missing",
    nl: "Geef ten minste één van sourcedId, schoolEmail en name.",
    en: "Give at least one of sourcedId, schoolEmail and name.",
};

/// What somebody wants of a student, whatever it came in by.
#[derive(Debug, Default)]
pub(super) struct StudentChange {
    given_name: Option<Line<100>>,
    prefix: Patch<Line<50>>,
    family_name: Option<Line<100>>,
    school_email: Patch<Email>,
    postcode4: Patch<Postcode4>,
    programme_code: Option<Line<64>>,
    cohort: Patch<CohortKey>,
    study_year: Patch<i16>,
    learning_path: Option<LearningPath>,
    accelerated: Option<bool>,
    available_from: Patch<Day>,
    available_until: Patch<Day>,
    available_days: Patch<Vec<Weekday>>,
    max_travel_minutes: Patch<i32>,
    active: Option<bool>,
}

/// Whoever is on the roster is active.
impl From<StudentRecord> for StudentChange {
    fn from(record: StudentRecord) -> Self {
        Self {
            given_name: Some(record.given_name),
            prefix: record.prefix,
            family_name: Some(record.family_name),
            school_email: record.school_email,
            postcode4: record.postcode4,
            programme_code: Some(record.programme_code),
            cohort: record.cohort,
            study_year: record.study_year,
            learning_path: record.learning_path.into_change(),
            accelerated: record.accelerated.into_change(),
            available_from: record.available_from,
            available_until: record.available_until,
            available_days: record.available_days,
            max_travel_minutes: record.max_travel_minutes,
            active: Some(true),
        }
    }
}

impl From<PatchStudent> for StudentChange {
    fn from(patch: PatchStudent) -> Self {
        Self {
            given_name: patch.given_name.into_change(),
            prefix: patch.prefix,
            family_name: patch.family_name.into_change(),
            school_email: patch.school_email,
            postcode4: patch.postcode4,
            programme_code: patch.programme_code.into_change(),
            cohort: patch.cohort,
            study_year: patch.study_year,
            learning_path: None,
            accelerated: None,
            available_from: patch.available_from,
            available_until: patch.available_until,
            available_days: patch.available_days,
            max_travel_minutes: patch.max_travel_minutes,
            active: patch.active.into_change(),
        }
    }
}

/// What becomes of the learning path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PathStep {
    /// It stays.
    Stay,
    /// The first, or the first after a pause.
    Begin(LearningPath, bool),
    /// The one before ends today as switched, this one begins.
    Switch(LearningPath, bool),
    /// The one that stands was recorded wrongly.
    Correct(LearningPath, bool),
}

/// What to write: a student as it is to be.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) enrolment: Enrolment,
    pub(super) identity: Option<Identity>,
    pub(super) path: PathStep,
}

impl Plan {
    /// Whether everything is as it was.
    pub(super) fn changes_nothing(&self, held: &Held) -> bool {
        self.enrolment == held.student.enrolment && self.identity == held.identity && self.path == PathStep::Stay
    }
}

/// Decides what a wish makes of a student, or of nobody yet; names all that is wrong with it.
pub(super) fn plan(held: Option<&Held>, wish: StudentChange, register: &Register, today: Today) -> Result<Plan> {
    let mut faults = Vec::new();
    let before = held.map(|held| &held.student.enrolment);
    let programme = match &wish.programme_code {
        Some(code) => register.programmes.get(code.as_str()),
        None => before.and_then(|before| register.programmes.values().find(|known| known.id == before.programme_id)),
    };
    let Some(programme) = programme else {
        return Err(UNKNOWN_PROGRAMME.fault("/programmeCode").into());
    };
    let moved = before.is_some_and(|before| before.programme_id != programme.id);
    let cohort_id = match &wish.cohort {
        Patch::Absent => before.and_then(|before| before.cohort_id).filter(|_| !moved),
        Patch::Null => None,
        Patch::Value(key) => {
            let known = register.cohorts.get(&(programme.id, key.clone())).copied();
            faults.extend(known.is_none().then(|| UNKNOWN_COHORT.fault("/cohort")));
            known
        }
    };
    let mut enrolment = Enrolment {
        programme_id: programme.id,
        cohort_id,
        study_year: before.and_then(|before| before.study_year),
        available_from: before.and_then(|before| before.available_from),
        available_until: before.and_then(|before| before.available_until),
        available_days: before.and_then(|before| before.available_days.clone()),
        max_travel_minutes: before.and_then(|before| before.max_travel_minutes),
        active: wish.active.unwrap_or_else(|| before.is_none_or(|before| before.active)),
    };
    if let Err(Error::Invalid(twice)) =
        each_once("/availableDays", wish.available_days.value().map_or(&[], Vec::as_slice))
    {
        faults.extend(twice);
    }
    wish.study_year.apply_to(&mut enrolment.study_year);
    apply_day(wish.available_from, &mut enrolment.available_from);
    apply_day(wish.available_until, &mut enrolment.available_until);
    let days = wish.available_days.into_change().map(|days| days.map(in_order));
    enrolment.available_days = days.unwrap_or(enrolment.available_days);
    wish.max_travel_minutes.apply_to(&mut enrolment.max_travel_minutes);
    faults.extend(availability_fault(&enrolment));
    let open = held.and_then(|held| held.open.as_ref());
    let path = path_step(open, wish.learning_path, wish.accelerated, today);
    faults.extend(path_fault(&path, programme));
    if moved
        && path == PathStep::Stay
        && open.is_some_and(|open| !programme.learning_paths.contains(&open.learning_path))
    {
        faults.push(PATH_NOT_OFFERED.fault("/learningPath"));
    }
    if open.is_none() && wish.learning_path.is_none() && wish.accelerated == Some(true) {
        faults.push(PATH_MISSING.fault("/learningPath"));
    }
    let identity = identified(
        held.and_then(|held| held.identity.clone()),
        wish.given_name,
        wish.family_name,
        (wish.prefix, wish.school_email, wish.postcode4),
    );
    if faults.is_empty() { Ok(Plan { enrolment, identity, path }) } else { Err(Error::Invalid(faults)) }
}

/// The identity as it is to be; a person who was erased comes back only with a whole name.
fn identified(
    before: Option<Identity>,
    given_name: Option<Line<100>>,
    family_name: Option<Line<100>>,
    (prefix, school_email, postcode4): (Patch<Line<50>>, Patch<Email>, Patch<Postcode4>),
) -> Option<Identity> {
    let mut identity = match (before, given_name, family_name) {
        (Some(before), given_name, family_name) => Identity {
            given_name: given_name.unwrap_or(before.given_name),
            family_name: family_name.unwrap_or(before.family_name),
            ..before
        },
        (None, Some(given_name), Some(family_name)) => {
            Identity { given_name, prefix: None, family_name, school_email: None, postcode4: None }
        }
        (None, _, _) => return None,
    };
    prefix.apply_to(&mut identity.prefix);
    school_email.apply_to(&mut identity.school_email);
    postcode4.apply_to(&mut identity.postcode4);
    Some(identity)
}

fn apply_day(wish: Patch<Day>, target: &mut Option<NaiveDate>) {
    if let Some(day) = wish.into_change() {
        *target = day.map(NaiveDate::from);
    }
}

/// The same days in another order are the same days.
fn in_order(mut days: Vec<Weekday>) -> Vec<Weekday> {
    days.sort_unstable();
    days
}

fn availability_fault(enrolment: &Enrolment) -> Option<Fault> {
    match (enrolment.available_from, enrolment.available_until) {
        (Some(from), Some(until)) if until < from => Some(ENDS_BEFORE_IT_STARTS.fault("/availableUntil")),
        _ => None,
    }
}

fn path_fault(path: &PathStep, programme: &Registered) -> Option<Fault> {
    match path {
        PathStep::Begin(path, _) | PathStep::Switch(path, _) if !programme.learning_paths.contains(path) => {
            Some(PATH_NOT_OFFERED.fault("/learningPath"))
        }
        PathStep::Correct(path, _) if !programme.learning_paths.contains(path) => {
            Some(PATH_NOT_OFFERED.fault("/learningPath"))
        }
        _ => None,
    }
}

/// What a learning path and a pace, where they are given, do to the period that is open.
fn path_step(
    open: Option<&paths::Standing>,
    path: Option<LearningPath>,
    accelerated: Option<bool>,
    today: Today,
) -> PathStep {
    match (open, path) {
        (None, Some(path)) => PathStep::Begin(path, accelerated.unwrap_or_default()),
        (Some(open), Some(path)) if path != open.learning_path => {
            let pace = accelerated.unwrap_or_default();
            if open.effective_from < today.0 { PathStep::Switch(path, pace) } else { PathStep::Correct(path, pace) }
        }
        (Some(open), _) if accelerated.is_some_and(|pace| pace != open.accelerated) => {
            PathStep::Correct(open.learning_path, !open.accelerated)
        }
        _ => PathStep::Stay,
    }
}

/// Refuses a search that would list everybody.
pub(super) fn may_search(search: &SearchStudents) -> Result<()> {
    if search.sourced_id.is_none() && search.school_email.is_none() && search.name.is_none() {
        return Err(NOTHING_TO_SEARCH_BY.bad_request());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
