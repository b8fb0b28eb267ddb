//! What an hour norm is, on the wire and in its table.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::page::Filter;
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::field::LearningPath;
use crate::kernel::ids::HourNormId;
use crate::organisations::qualifications::QualificationFramework;
use crate::schema::hour_norms;

crate::code_lists! {
    /// Over what the hours of a norm are counted.
    HourBasis "hour-basis" {
        Programme "programme" "Hele opleiding" "Whole programme";
        StudyYear "study-year" "Elk studiejaar" "Each study year";
    }
}

crate::pages! {
    HourNormPage of HourNorm;
}

/// Hours that a programme has to give at least (urennorm) in a learning path. Where a number is null,
/// there is no norm.
#[derive(Debug, Serialize, ToSchema, Queryable, Selectable)]
#[serde(rename_all = "camelCase")]
#[diesel(table_name = hour_norms)]
pub struct HourNorm {
    /// Identifies the norm, the same everywhere.
    pub id: HourNormId,
    /// Who sets the qualifications that it holds for.
    pub framework: QualificationFramework,
    /// Level of the mbo qualifications that it holds for (niveau); null elsewhere.
    #[schema(minimum = 1, maximum = 4)]
    pub level: Option<i16>,
    /// The learning path that it holds for (leerweg).
    pub learning_path: LearningPath,
    /// Over what the hours are counted.
    pub basis: HourBasis,
    /// Length in study years of the programmes that it holds for; null for any.
    #[schema(minimum = 1, maximum = 6)]
    pub study_years: Option<i16>,
    /// Least hours of study in all.
    #[schema(minimum = 0)]
    pub total_hours: Option<i32>,
    /// Of those, least hours guided by the school (begeleide onderwijstijd).
    #[schema(minimum = 0)]
    pub guided_hours: Option<i32>,
    /// Of those, least hours in the first study year.
    #[schema(minimum = 0)]
    pub guided_hours_first_year: Option<i32>,
    /// Least hours of practical training (beroepspraktijkvorming).
    #[schema(minimum = 0)]
    pub placement_hours: Option<i32>,
    /// First day on which it holds; null where that is not known.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it holds; null while open.
    pub valid_until: Option<NaiveDate>,
    /// Where the numbers come from (bron).
    #[schema(max_length = 500)]
    pub source: String,
}

/// Reference rows change with a release only, so they stay at version 1.
impl Resource for HourNorm {
    fn version(&self) -> i32 {
        1
    }
    fn location(&self) -> String {
        format!("/v1/hour-norms/{}", self.id)
    }
}

/// Which norms to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HourNormFilter {
    /// Only for qualifications of this framework.
    #[param(inline)]
    pub framework: Option<QualificationFramework>,
    /// Only for this learning path.
    #[param(inline)]
    pub learning_path: Option<LearningPath>,
    /// Only those that hold on this day (peildatum).
    #[param(inline)]
    pub as_of: Option<Day>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for HourNormFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}
