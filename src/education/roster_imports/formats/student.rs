//! One row of a roster: as JSON and as cells, and what a student's record needs of it.

use serde::{Deserialize, Deserializer, de};
use utoipa::ToSchema;

use super::Line;
use super::failure::{REQUIRED, RowFault};
use crate::education::cohorts::CohortForm;
use crate::education::students::{CohortKey, StudentRecord};
use crate::http::patch::{Change, Patch};
use crate::kernel::bsn::{BSN_LIKE, holds_bsn_like};
use crate::kernel::coded::Coded as _;
use crate::kernel::day::Day;
use crate::kernel::field::{LearningPath, Weekday};
use crate::kernel::formats::{Email, Postcode4, SchoolYear, SourcedId};
use crate::kernel::text::Line as TextLine;

/// The columns that a CSV file may have, in any order.
pub(super) const COLUMNS: &[&str] = &[
    "sourcedId",
    "givenName",
    "prefix",
    "familyName",
    "schoolEmail",
    "programmeCode",
    "cohortSchoolYear",
    "cohortForm",
    "studyYear",
    "learningPath",
    "accelerated",
    "postcode4",
    "availableFrom",
    "availableUntil",
    "availableDays",
    "maxTravelMinutes",
    "active",
];

/// Those that it must have.
pub(super) const REQUIRED_COLUMNS: &[&str] = &["sourcedId", "givenName", "familyName", "programmeCode"];

const STUDY_YEARS: std::ops::RangeInclusive<i16> = 1..=6;
const TRAVEL_MINUTES: std::ops::RangeInclusive<i32> = 1..=480;

/// A student on a roster. What is absent stays as it is, null clears.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RosterStudent {
    /// Key of the student in the school's system.
    pub sourced_id: SourcedId,
    /// First name by which the student is called (roepnaam); required unless `active` is false.
    #[serde(default)]
    pub given_name: Change<TextLine<100>>,
    /// Prefix of the family name (tussenvoegsel).
    #[serde(default)]
    pub prefix: Patch<TextLine<50>>,
    /// Family name (achternaam), without prefix; required unless `active` is false.
    #[serde(default)]
    pub family_name: Change<TextLine<100>>,
    /// E-mail address at the school, not a private one.
    #[serde(default)]
    pub school_email: Patch<Email>,
    /// The school's own code of the programme (opleiding); required unless `active` is false.
    #[serde(default)]
    pub programme_code: Change<TextLine<64>>,
    /// The cohort of that programme; a change of programme clears it.
    #[serde(default)]
    pub cohort: Patch<CohortKey>,
    /// Year of study (leerjaar), from 1.
    #[serde(default)]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 6)]
    pub study_year: Patch<i16>,
    /// The learning path (leerweg) followed now; another one than before is a switch of today.
    #[serde(default)]
    pub learning_path: Change<LearningPath>,
    /// Whether the student follows it at a faster pace (versneld).
    #[serde(default)]
    pub accelerated: Change<bool>,
    /// Area in which the student lives (postcodegebied).
    #[serde(default)]
    pub postcode4: Patch<Postcode4>,
    /// First day on which the student can be placed (beschikbaar vanaf).
    #[serde(default)]
    pub available_from: Patch<Day>,
    /// Last day on which the student can be placed (beschikbaar tot en met).
    #[serde(default)]
    pub available_until: Patch<Day>,
    /// Days of the week on which the student can work, each once.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Weekday>>, min_items = 1, max_items = 7)]
    pub available_days: Patch<Vec<Weekday>>,
    /// Longest travelling time one way, in minutes.
    #[serde(default)]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 480)]
    pub max_travel_minutes: Patch<i32>,
    /// False for a student who left: nobody else is then touched, and nothing else is needed.
    #[serde(default)]
    pub active: Change<bool>,
}

/// The same as cells, of which an empty one clears.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CsvStudent {
    sourced_id: SourcedId,
    #[serde(default)]
    given_name: Patch<TextLine<100>>,
    #[serde(default)]
    prefix: Patch<TextLine<50>>,
    #[serde(default)]
    family_name: Patch<TextLine<100>>,
    #[serde(default)]
    school_email: Patch<Email>,
    #[serde(default)]
    programme_code: Patch<TextLine<64>>,
    #[serde(default)]
    cohort_school_year: Patch<SchoolYear>,
    #[serde(default)]
    cohort_form: Patch<CohortForm>,
    #[serde(default)]
    study_year: Patch<i16>,
    #[serde(default)]
    learning_path: Patch<LearningPath>,
    #[serde(default)]
    accelerated: Patch<Flag>,
    #[serde(default)]
    postcode4: Patch<Postcode4>,
    #[serde(default)]
    available_from: Patch<Day>,
    #[serde(default)]
    available_until: Patch<Day>,
    #[serde(default)]
    available_days: Patch<Days>,
    #[serde(default)]
    max_travel_minutes: Patch<i32>,
    #[serde(default)]
    active: Patch<Flag>,
}

/// `true` or `false`, also as spreadsheets write it.
#[derive(Debug, Clone, Copy)]
struct Flag(bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.to_lowercase().as_str() {
            "true" | "1" | "waar" | "ja" => Ok(Self(true)),
            "false" | "0" | "onwaar" | "nee" => Ok(Self(false)),
            _ => Err(de::Error::custom("wrong-type")),
        }
    }
}

/// Days of the week in one cell, with `|` between them.
#[derive(Debug, Clone)]
struct Days(Vec<Weekday>);

impl<'de> Deserialize<'de> for Days {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let cell = String::deserialize(deserializer)?;
        let days: Option<Vec<Weekday>> = cell.split('|').map(|day| Weekday::from_code(day.trim())).collect();
        days.map(Self).ok_or_else(|| de::Error::custom("unknown variant"))
    }
}

fn map<A, B>(patch: Patch<A>, into: impl FnOnce(A) -> B) -> Patch<B> {
    match patch {
        Patch::Absent => Patch::Absent,
        Patch::Null => Patch::Null,
        Patch::Value(value) => Patch::Value(into(value)),
    }
}

/// A cell that cannot clear: an empty one says nothing.
fn kept<A, B>(patch: Patch<A>, into: impl FnOnce(A) -> B) -> Change<B> {
    match patch {
        Patch::Absent | Patch::Null => Change::Absent,
        Patch::Value(value) => Change::Value(into(value)),
    }
}

impl CsvStudent {
    /// What the row says.
    pub(super) fn into_line(self, row: u64) -> Line {
        let mut faults = Vec::new();
        let mut required = |pointer: &str| faults.push(RowFault::new(pointer, REQUIRED));
        let active = kept(self.active, |Flag(active)| active);
        if active == Change::Value(false) {
            return Line::Gone { row, key: self.sourced_id };
        }
        let cohort = match (self.cohort_school_year, self.cohort_form) {
            (Patch::Absent, Patch::Absent) => Patch::Absent,
            (Patch::Value(school_year), Patch::Value(form)) => Patch::Value(CohortKey { school_year, form }),
            (Patch::Value(school_year), Patch::Absent) => {
                Patch::Value(CohortKey { school_year, form: CohortForm::Regular })
            }
            (Patch::Null, Patch::Absent | Patch::Null) => Patch::Null,
            (Patch::Value(_), Patch::Null) => {
                required("/cohortForm");
                Patch::Absent
            }
            (Patch::Absent | Patch::Null, _) => {
                required("/cohortSchoolYear");
                Patch::Absent
            }
        };
        let student = RosterStudent {
            sourced_id: self.sourced_id,
            given_name: kept(self.given_name, |name| name),
            prefix: self.prefix,
            family_name: kept(self.family_name, |name| name),
            school_email: self.school_email,
            programme_code: kept(self.programme_code, |code| code),
            cohort,
            study_year: self.study_year,
            learning_path: kept(self.learning_path, |path| path),
            accelerated: kept(self.accelerated, |Flag(pace)| pace),
            postcode4: self.postcode4,
            available_from: self.available_from,
            available_until: self.available_until,
            available_days: map(self.available_days, |Days(days)| days),
            max_travel_minutes: self.max_travel_minutes,
            active,
        };
        student.judged(row, faults)
    }
}

impl RosterStudent {
    /// What the row says.
    pub(super) fn into_line(self, row: u64) -> Line {
        self.judged(row, Vec::new())
    }

    /// Names all that is wrong with the row, or makes a record of it.
    fn judged(self, row: u64, mut faults: Vec<RowFault>) -> Line {
        if self.active == Change::Value(false) {
            return Line::Gone { row, key: self.sourced_id };
        }
        faults.extend(self.faults());
        match (self.given_name, self.family_name, self.programme_code) {
            (Change::Value(given_name), Change::Value(family_name), Change::Value(programme_code))
                if faults.is_empty() =>
            {
                let student = StudentRecord {
                    sourced_id: self.sourced_id,
                    given_name,
                    prefix: self.prefix,
                    family_name,
                    school_email: self.school_email,
                    programme_code,
                    cohort: self.cohort,
                    study_year: self.study_year,
                    learning_path: self.learning_path,
                    accelerated: self.accelerated,
                    postcode4: self.postcode4,
                    available_from: self.available_from,
                    available_until: self.available_until,
                    available_days: self.available_days,
                    max_travel_minutes: self.max_travel_minutes,
                };
                Line::Present { row, student: Box::new(student) }
            }
            _ => Line::Rejected { row, key: Some(self.sourced_id), faults },
        }
    }

    fn faults(&self) -> Vec<RowFault> {
        let mut faults = Vec::new();
        let mut fault = |pointer: &str, code| faults.push(RowFault::new(pointer, code));
        let texts = [
            ("/givenName", self.given_name.as_change().map(TextLine::as_str), true),
            ("/prefix", self.prefix.value().map(TextLine::as_str), false),
            ("/familyName", self.family_name.as_change().map(TextLine::as_str), true),
            ("/schoolEmail", self.school_email.value().map(Email::as_str), false),
            ("/programmeCode", self.programme_code.as_change().map(TextLine::as_str), true),
        ];
        for (pointer, text, needed) in texts {
            match text {
                Some(text) if holds_bsn_like(text) => fault(pointer, BSN_LIKE.code),
                None if needed => fault(pointer, REQUIRED),
                _ => {}
            }
        }
        if self.study_year.value().is_some_and(|year| !STUDY_YEARS.contains(year)) {
            fault("/studyYear", "out-of-range");
        }
        if self.max_travel_minutes.value().is_some_and(|minutes| !TRAVEL_MINUTES.contains(minutes)) {
            fault("/maxTravelMinutes", "out-of-range");
        }
        if let Some(days) = self.available_days.value() {
            if days.is_empty() {
                fault("/availableDays", "too-few-items");
            }
            if days.iter().enumerate().any(|(index, day)| days.iter().skip(index + 1).any(|other| other == day)) {
                fault("/availableDays", "duplicate-item");
            }
        }
        if let (Some(from), Some(until)) = (self.available_from.value(), self.available_until.value())
            && until < from
        {
            fault("/availableUntil", "ends-before-start");
        }
        faults
    }
}
