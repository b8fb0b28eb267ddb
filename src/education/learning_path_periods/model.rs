//! What a learning path period is, on the wire and in its table.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::http::page::Filter;
use crate::http::patch::{Change, Patch};
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::fact::View;
use crate::kernel::field::LearningPath;
use crate::kernel::ids::{LearningPathPeriodId, OrganisationId, StudentId};
use crate::schema::learning_path_periods;

crate::code_lists! {
    /// Why a student no longer follows a learning path.
    EndReason "learning-path-end-reason" {
        Diploma "diploma" "Diploma behaald" "Obtained the diploma";
        Left "left" "Opleiding verlaten zonder diploma" "Left the programme without a diploma";
        Transferred "transferred" "Naar een andere opleiding of school" "Went to another programme or school";
        Switched "switched" "Naar een andere leerweg" "Went on in another learning path";
    }
}

crate::fact_pages! {
    LearningPathPeriodPage of LearningPathPeriod;
}

/// A period in which a student follows a learning path (leerwegperiode): a dated fact.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LearningPathPeriod {
    /// Identifies the period; the same in every version.
    pub id: LearningPathPeriodId,
    /// The student.
    pub student_id: StudentId,
    /// The learning path (leerweg).
    pub learning_path: LearningPath,
    /// Whether the student follows it at a faster pace (versneld).
    pub accelerated: bool,
    /// First day (ingangsdatum).
    pub effective_from: NaiveDate,
    /// First day on which it is no longer followed (einddatum, exclusief); null while it is.
    pub effective_to: Option<NaiveDate>,
    /// Why it ended; null while it has not.
    pub end_reason: Option<EndReason>,
    /// Counts corrections, from 1.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When this version was recorded.
    pub recorded_at: DateTime<Utc>,
    /// When a correction took its place; null while it stands.
    pub superseded_at: Option<DateTime<Utc>>,
}

impl Resource for LearningPathPeriod {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/students/{}/learning-path-periods/{}", self.student_id, self.id)
    }
}

/// A learning path that a student begins, or one that it followed before.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateLearningPathPeriod {
    /// The learning path (leerweg), one in which the programme is offered.
    pub learning_path: LearningPath,
    /// Whether the student follows it at a faster pace (versneld).
    #[serde(default)]
    pub accelerated: bool,
    /// First day (ingangsdatum), not in the future; today unless given.
    pub effective_from: Option<Day>,
    /// For a period that has ended already: the first day on which it was no longer followed.
    pub effective_to: Option<Day>,
    /// Why it ended: with `effectiveTo`, and only then.
    pub end_reason: Option<EndReason>,
}

/// A correction of a period, or its end: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchLearningPathPeriod {
    /// The learning path (leerweg).
    #[serde(default)]
    pub learning_path: Change<LearningPath>,
    /// Whether the student follows it at a faster pace (versneld).
    #[serde(default)]
    pub accelerated: Change<bool>,
    /// First day (ingangsdatum), not in the future.
    #[serde(default)]
    pub effective_from: Change<Day>,
    /// First day on which it is no longer followed, not in the future: ends the period.
    #[serde(default)]
    pub effective_to: Patch<Day>,
    /// Why it ended: with `effectiveTo`, and only then.
    #[serde(default)]
    pub end_reason: Patch<EndReason>,
    /// True when it never was: the period is gone, and other properties are not looked at.
    #[serde(default)]
    pub withdrawn: bool,
}

/// Which periods of a student to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LearningPathPeriodFilter {
    /// Only the one that holds on this day (peildatum).
    #[param(inline)]
    pub as_of: Option<Day>,
    /// As the records stood at this moment; as they stand now when absent.
    pub known_at: Option<DateTime<Utc>>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl LearningPathPeriodFilter {
    /// The point from which the facts are looked at.
    pub(super) fn view(&self) -> View {
        View { as_of: self.as_of.map(NaiveDate::from), known_at: self.known_at }
    }
}

impl Filter for LearningPathPeriodFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The place of a period in a student's history.
pub(super) type InTime = (NaiveDate, LearningPathPeriodId);

/// The row of a version.
#[derive(Debug, Insertable)]
#[diesel(table_name = learning_path_periods, treat_none_as_default_value = false)]
pub(super) struct NewPeriod {
    pub(super) row_id: Uuid,
    pub(super) id: LearningPathPeriodId,
    pub(super) version: i32,
    pub(super) student_id: StudentId,
    pub(super) school_id: OrganisationId,
    pub(super) learning_path: LearningPath,
    pub(super) accelerated: bool,
    pub(super) end_reason: Option<EndReason>,
    pub(super) effective_from: NaiveDate,
    pub(super) effective_to: Option<NaiveDate>,
}

/// A standing version, as rules judge it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = learning_path_periods)]
pub struct Standing {
    pub(super) row_id: Uuid,
    pub(super) id: LearningPathPeriodId,
    pub(super) version: i32,
    pub(super) student_id: StudentId,
    pub(super) school_id: OrganisationId,
    /// The learning path.
    pub learning_path: LearningPath,
    /// Whether the student follows it at a faster pace.
    pub accelerated: bool,
    /// First day.
    pub effective_from: NaiveDate,
    pub(super) effective_to: Option<NaiveDate>,
    pub(super) end_reason: Option<EndReason>,
}

impl Standing {
    /// The version after this one, as it would be if nothing changed.
    pub(super) fn next(&self) -> NewPeriod {
        NewPeriod {
            row_id: Uuid::now_v7(),
            id: self.id,
            version: self.version + 1,
            student_id: self.student_id,
            school_id: self.school_id,
            learning_path: self.learning_path,
            accelerated: self.accelerated,
            end_reason: self.end_reason,
            effective_from: self.effective_from,
            effective_to: self.effective_to,
        }
    }
}
