//! What a school says of a student: the record that a PUT and a line of a roster share, and the
//! bodies that carry it.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::education::cohorts::CohortForm;
use crate::http::bsn::{no_bsn_in, no_bsn_in_change, no_bsn_in_patch};
use crate::http::patch::{Change, Patch};
use crate::kernel::day::Day;
use crate::kernel::field::{LearningPath, Weekday};
use crate::kernel::formats::{Email, Postcode4, SchoolYear, SourcedId};
use crate::kernel::text::Line;

/// One student as a school's own system knows it, whatever it came in by: a PUT or a line of a
/// roster. What is absent stays as it is, null clears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudentRecord {
    /// Key of the student in the school's system.
    pub sourced_id: SourcedId,
    /// First name by which the student is called (roepnaam).
    pub given_name: Line<100>,
    /// Prefix of the family name (tussenvoegsel).
    pub prefix: Patch<Line<50>>,
    /// Family name (achternaam), without prefix.
    pub family_name: Line<100>,
    /// E-mail address at the school.
    pub school_email: Patch<Email>,
    /// The school's own code of the programme.
    pub programme_code: Line<64>,
    /// The cohort of that programme.
    pub cohort: Patch<CohortKey>,
    /// Year of study, from 1.
    pub study_year: Patch<i16>,
    /// The learning path the student follows now.
    pub learning_path: Change<LearningPath>,
    /// Whether the student follows it at a faster pace.
    pub accelerated: Change<bool>,
    /// Area in which the student lives.
    pub postcode4: Patch<Postcode4>,
    /// First day on which the student can be placed.
    pub available_from: Patch<Day>,
    /// Last day on which the student can be placed.
    pub available_until: Patch<Day>,
    /// Days of the week on which the student can work; never an empty list.
    pub available_days: Patch<Vec<Weekday>>,
    /// Longest travelling time one way, in minutes.
    pub max_travel_minutes: Patch<i32>,
}

/// Names a cohort within its programme (cohort).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CohortKey {
    /// School year in which it began (schooljaar).
    pub school_year: SchoolYear,
    /// Its form.
    pub form: CohortForm,
}

/// What a school's system says of a student: what is absent stays as it is, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PutStudent {
    /// First name by which the student is called (roepnaam).
    #[validate(custom(function = "no_bsn_in"))]
    pub given_name: Line<100>,
    /// Prefix of the family name (tussenvoegsel).
    #[serde(default)]
    #[validate(custom(function = "no_bsn_in_patch"))]
    pub prefix: Patch<Line<50>>,
    /// Family name (achternaam), without prefix.
    #[validate(custom(function = "no_bsn_in"))]
    pub family_name: Line<100>,
    /// E-mail address at the school, not a private one.
    #[serde(default)]
    #[validate(custom(function = "no_bsn_in_patch"))]
    pub school_email: Patch<Email>,
    /// The school's own code of the programme (opleiding), as registered.
    #[validate(custom(function = "no_bsn_in"))]
    pub programme_code: Line<64>,
    /// The cohort of that programme, as registered; a change of programme clears it.
    #[serde(default)]
    pub cohort: Patch<CohortKey>,
    /// Year of study (leerjaar), from 1.
    #[serde(default)]
    #[validate(range(min = 1, max = 6))]
    #[schema(value_type = Option<i16>, minimum = 1, maximum = 6)]
    pub study_year: Patch<i16>,
    /// The learning path (leerweg) that the student follows now. Another one than before is
    /// recorded as a switch of today; to date it otherwise, use the learning path periods.
    #[serde(default)]
    pub learning_path: Change<LearningPath>,
    /// Whether the student follows it at a faster pace (versneld).
    #[serde(default)]
    pub accelerated: Change<bool>,
    /// Area in which the student lives (postcodegebied), for travelling distance.
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
    #[validate(length(min = 1, max = 7))]
    #[schema(value_type = Option<Vec<Weekday>>, min_items = 1, max_items = 7)]
    pub available_days: Patch<Vec<Weekday>>,
    /// Longest travelling time one way, in minutes.
    #[serde(default)]
    #[validate(range(min = 1, max = 480))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 480)]
    pub max_travel_minutes: Patch<i32>,
}

impl PutStudent {
    /// The record of the student with this key.
    #[must_use]
    pub fn into_record(self, sourced_id: SourcedId) -> StudentRecord {
        StudentRecord {
            sourced_id,
            given_name: self.given_name,
            prefix: self.prefix,
            family_name: self.family_name,
            school_email: self.school_email,
            programme_code: self.programme_code,
            cohort: self.cohort,
            study_year: self.study_year,
            learning_path: self.learning_path,
            accelerated: self.accelerated,
            postcode4: self.postcode4,
            available_from: self.available_from,
            available_until: self.available_until,
            available_days: self.available_days,
            max_travel_minutes: self.max_travel_minutes,
        }
    }
}

/// Changes to a student: what is absent stays, null clears. The learning path is changed in its
/// periods.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchStudent {
    /// First name by which the student is called (roepnaam).
    #[serde(default)]
    #[validate(custom(function = "no_bsn_in_change"))]
    pub given_name: Change<Line<100>>,
    /// Prefix of the family name (tussenvoegsel).
    #[serde(default)]
    #[validate(custom(function = "no_bsn_in_patch"))]
    pub prefix: Patch<Line<50>>,
    /// Family name (achternaam), without prefix.
    #[serde(default)]
    #[validate(custom(function = "no_bsn_in_change"))]
    pub family_name: Change<Line<100>>,
    /// E-mail address at the school, not a private one.
    #[serde(default)]
    #[validate(custom(function = "no_bsn_in_patch"))]
    pub school_email: Patch<Email>,
    /// The school's own code of the programme (opleiding), as registered.
    #[serde(default)]
    #[validate(custom(function = "no_bsn_in_change"))]
    pub programme_code: Change<Line<64>>,
    /// The cohort of that programme, as registered; a change of programme clears it.
    #[serde(default)]
    pub cohort: Patch<CohortKey>,
    /// Year of study (leerjaar), from 1.
    #[serde(default)]
    #[validate(range(min = 1, max = 6))]
    #[schema(value_type = Option<i16>, minimum = 1, maximum = 6)]
    pub study_year: Patch<i16>,
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
    #[validate(length(min = 1, max = 7))]
    #[schema(value_type = Option<Vec<Weekday>>, min_items = 1, max_items = 7)]
    pub available_days: Patch<Vec<Weekday>>,
    /// Longest travelling time one way, in minutes.
    #[serde(default)]
    #[validate(range(min = 1, max = 480))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 480)]
    pub max_travel_minutes: Patch<i32>,
    /// Whether the student is on the school's roster.
    #[serde(default)]
    pub active: Change<bool>,
}
