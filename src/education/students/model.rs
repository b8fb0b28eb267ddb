//! What a student is, on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::education::cohorts::CohortForm;
use crate::http::bsn::no_bsn_in;
use crate::http::page::Filter;
use crate::http::reply::Resource;
use crate::kernel::field::{LearningPath, Weekday};
use crate::kernel::formats::{Email, Postcode4, SchoolYear, SourcedId};
use crate::kernel::ids::{CohortId, ProgrammeId, StudentId};
use crate::kernel::named::Named;
use crate::kernel::since::Since;
use crate::kernel::text::Line;

crate::feed_pages! {
    StudentPage of Student;
}

/// A student (student) of a school: what is needed to place somebody. Names are null once the
/// person was erased.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Student {
    /// Identifies the student.
    pub id: StudentId,
    /// The school.
    pub school: Named,
    /// Key of the student in the school's system; not the student number.
    #[schema(max_length = 255)]
    pub sourced_id: String,
    /// First name by which the student is called (roepnaam).
    #[schema(max_length = 100)]
    pub given_name: Option<String>,
    /// Prefix of the family name (tussenvoegsel).
    #[schema(max_length = 50)]
    pub prefix: Option<String>,
    /// Family name (achternaam), without prefix.
    #[schema(max_length = 100)]
    pub family_name: Option<String>,
    /// E-mail address at the school.
    #[schema(max_length = 254)]
    pub school_email: Option<String>,
    /// Area in which the student lives (postcodegebied).
    pub postcode4: Option<Postcode4>,
    /// The programme (opleiding).
    pub programme: Named,
    /// The cohort of that programme.
    pub cohort: Option<StudentCohort>,
    /// Year of study (leerjaar), from 1.
    #[schema(minimum = 1, maximum = 6)]
    pub study_year: Option<i16>,
    /// The learning path (leerweg) that the student follows now; null when none is recorded.
    pub learning_path: Option<LearningPath>,
    /// Whether the student follows it at a faster pace (versneld).
    pub accelerated: Option<bool>,
    /// First day on which the student can be placed (beschikbaar vanaf).
    pub available_from: Option<NaiveDate>,
    /// Last day on which the student can be placed (beschikbaar tot en met).
    pub available_until: Option<NaiveDate>,
    /// Days of the week on which the student can work; null when not said.
    #[schema(max_items = 7)]
    pub available_days: Option<Vec<Weekday>>,
    /// Longest travelling time one way, in minutes.
    #[schema(minimum = 1, maximum = 480)]
    pub max_travel_minutes: Option<i32>,
    /// False once the student is no longer on the school's roster.
    pub active: bool,
    /// Counts changes of the student, of its names and of its learning path.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When the student was entered.
    pub created_at: DateTime<Utc>,
    /// When the student last changed.
    pub updated_at: DateTime<Utc>,
}

/// The cohort of a student.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StudentCohort {
    /// Identifies the cohort.
    pub id: CohortId,
    /// School year in which it began (schooljaar).
    pub school_year: SchoolYear,
    /// Its form.
    pub form: CohortForm,
}

impl Resource for Student {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/students/{}", self.id)
    }
}

/// Which students to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StudentFilter {
    /// Only of this programme.
    pub programme_id: Option<ProgrammeId>,
    /// Only of this cohort.
    pub cohort_id: Option<CohortId>,
    /// Only in this year of study.
    #[validate(range(min = 1, max = 6))]
    #[param(minimum = 1, maximum = 6)]
    pub study_year: Option<i16>,
    /// Only those on the roster, or only those that left it.
    pub active: Option<bool>,
    /// Only those who follow this learning path now.
    #[param(inline)]
    pub learning_path: Option<LearningPath>,
    /// Only what changed since: a moment, or the `nextUpdatedSince` of the answer before.
    #[param(inline)]
    pub updated_since: Option<Since>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for StudentFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// Whom to look for: everything that is given has to fit.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SearchStudents {
    /// Key in the school's system, whole.
    pub sourced_id: Option<SourcedId>,
    /// E-mail address at the school, whole; capitals do not matter.
    pub school_email: Option<Email>,
    /// Part of the name as it is spoken: given name, prefix, family name; capitals do not matter.
    #[validate(custom(function = "no_bsn_in"))]
    pub name: Option<Line<200>>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[schema(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[schema(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for SearchStudents {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}
