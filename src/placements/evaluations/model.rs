//! What an evaluation is, on the wire and in its table.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::http::bsn::{no_bsn_in, no_bsn_in_patch};
use crate::http::page::Filter;
use crate::http::patch::{Change, Patch};
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::ids::{EvaluationId, OrganisationId, PlacementId, RegionId};
use crate::kernel::named::Named;
use crate::kernel::text::{Line, Prose};
use crate::placements::placements::PartKey;
use crate::schema::evaluations;

crate::code_lists! {
    /// When an intern is evaluated (beoordelingsmoment).
    EvaluationMoment "evaluation-moment" {
        First "first" "Eerste beoordeling" "First evaluation";
        Midterm "midterm" "Tussenbeoordeling" "Midterm evaluation";
        Final "final" "Eindbeoordeling" "Final evaluation";
    }

    /// Whose judgement an evaluation is (beoordelaar).
    EvaluationJudge "evaluation-judge" {
        Mentor "mentor" "Praktijkbegeleider" "The mentor";
        School "school" "School" "The school";
        Student "student" "Student zelf" "The student";
    }

    /// What a line of the rubric is about (onderdeel van de rubric).
    RubricGroup "rubric-group" {
        AttitudeAndBehaviour "attitude-and-behaviour" "Houding en gedrag" "Attitude and behaviour";
        Skills "skills" "Vaardigheden" "Skills";
    }
}

crate::fact_pages! {
    EvaluationPage of Evaluation;
}

/// One line of the rubric.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RubricScore {
    /// What it is about.
    pub group: RubricGroup,
    /// What is judged (criterium), in the school's words.
    #[validate(custom(function = "no_bsn_in"))]
    pub criterion: Line<100>,
    /// From 1 (not yet) to 5 (excellent).
    #[validate(range(min = 1, max = 5))]
    #[schema(minimum = 1, maximum = 5)]
    pub score: i16,
}

/// How an intern does, by a rubric (beoordeling).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Evaluation {
    /// Identifies the evaluation, through all its corrections.
    pub id: EvaluationId,
    /// The placement.
    pub placement_id: PlacementId,
    /// Which evaluation it is (beoordelingsmoment).
    pub moment: EvaluationMoment,
    /// Whose judgement it is (beoordelaar).
    pub judged_by: EvaluationJudge,
    /// The day of the evaluation.
    pub held_on: NaiveDate,
    /// The lines of the rubric.
    #[schema(max_items = 40)]
    pub scores: Vec<RubricScore>,
    /// Remark, without names and without anything about health.
    #[schema(max_length = 2000)]
    pub remark: Option<String>,
    /// The organisation that recorded this version.
    pub recorded_by: Named,
    /// Counts the corrections, from 1.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When this version was recorded.
    pub recorded_at: DateTime<Utc>,
    /// When a correction took its place; null while it stands.
    pub superseded_at: Option<DateTime<Utc>>,
}

impl Resource for Evaluation {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/placements/{}/evaluations/{}", self.placement_id, self.id)
    }
}

/// An evaluation to record.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordEvaluation {
    /// Which evaluation it is (beoordelingsmoment).
    pub moment: EvaluationMoment,
    /// Whose judgement it is (beoordelaar): a host enters its mentor's, a school its own and the
    /// student's, a bureau any that it is told.
    pub judged_by: EvaluationJudge,
    /// The day of the evaluation, never ahead of today.
    pub held_on: Day,
    /// The lines of the rubric, each criterion once.
    #[validate(length(min = 1, max = 40), nested)]
    #[schema(min_items = 1, max_items = 40)]
    pub scores: Vec<RubricScore>,
    /// Remark, without names and without anything about health.
    #[validate(custom(function = "no_bsn_in"))]
    pub remark: Option<Prose<2000>>,
}

/// A correction of an evaluation: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CorrectEvaluation {
    /// Which evaluation it is (beoordelingsmoment).
    #[serde(default)]
    pub moment: Change<EvaluationMoment>,
    /// The day of the evaluation, never ahead of today.
    #[serde(default)]
    pub held_on: Change<Day>,
    /// The lines of the rubric, each criterion once.
    #[serde(default)]
    #[validate(length(min = 1, max = 40), nested)]
    #[schema(value_type = Option<Vec<RubricScore>>, min_items = 1, max_items = 40)]
    pub scores: Change<Vec<RubricScore>>,
    /// Remark, without names and without anything about health.
    #[serde(default)]
    #[validate(custom(function = "no_bsn_in_patch"))]
    pub remark: Patch<Prose<2000>>,
    /// True when it never was: it is gone, and other properties are not looked at.
    #[serde(default)]
    pub withdrawn: bool,
}

/// Which evaluations to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EvaluationFilter {
    /// Only of this moment.
    #[param(inline)]
    pub moment: Option<EvaluationMoment>,
    /// Only by this judge.
    #[param(inline)]
    pub judged_by: Option<EvaluationJudge>,
    /// As they were recorded at this moment; as they are recorded now when absent.
    #[param(example = "2019-03-31T12:00:00Z")]
    pub known_at: Option<DateTime<Utc>>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for EvaluationFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// One version of an evaluation, as it is recorded.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = evaluations, treat_none_as_default_value = false)]
pub(super) struct Version {
    pub(super) row_id: Uuid,
    pub(super) id: EvaluationId,
    pub(super) version: i32,
    pub(super) placement_id: PlacementId,
    pub(super) region_id: RegionId,
    pub(super) school_id: OrganisationId,
    pub(super) practice_id: OrganisationId,
    pub(super) moment: EvaluationMoment,
    pub(super) judged_by: EvaluationJudge,
    pub(super) held_on: Day,
    pub(super) scores: Value,
    pub(super) remark: Option<Prose<2000>>,
}

impl RecordEvaluation {
    /// The first version of this evaluation of a placement.
    pub(super) fn into_row(self, key: PartKey) -> Version {
        Version {
            row_id: Uuid::now_v7(),
            id: EvaluationId::new(),
            version: 1,
            placement_id: key.placement_id,
            region_id: key.region_id,
            school_id: key.school_id,
            practice_id: key.practice_id,
            moment: self.moment,
            judged_by: self.judged_by,
            held_on: self.held_on,
            scores: json!(self.scores),
            remark: self.remark,
        }
    }
}

impl Version {
    /// The version that takes the place of this one.
    pub(super) fn corrected(&self, patch: CorrectEvaluation) -> Self {
        let mut next = self.clone();
        next.row_id = Uuid::now_v7();
        next.version += 1;
        patch.moment.apply_to(&mut next.moment);
        patch.held_on.apply_to(&mut next.held_on);
        if let Some(scores) = patch.scores.as_change() {
            next.scores = json!(scores);
        }
        patch.remark.apply_to(&mut next.remark);
        next
    }
}
