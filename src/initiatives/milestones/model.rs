//! What a milestone is, on the wire and in its table.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::page::Filter;
use crate::http::patch::{Change, Patch};
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::ids::{InitiativeId, MilestoneId, RegionId};
use crate::kernel::text::{Line, Prose};
use crate::schema::milestones;

crate::pages! {
    MilestonePage of Milestone;
}

/// A milestone of an initiative (mijlpaal).
#[derive(Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = milestones)]
#[serde(rename_all = "camelCase")]
pub struct Milestone {
    /// Identifies the milestone.
    pub id: MilestoneId,
    /// The initiative it belongs to.
    pub initiative_id: InitiativeId,
    /// What is to be reached.
    #[schema(max_length = 200)]
    pub title: String,
    /// Day by which it is due (streefdatum).
    pub due_on: Option<NaiveDate>,
    /// Day on which it was reached (behaald op); null while it is not.
    pub reached_on: Option<NaiveDate>,
    /// What shows that it was reached (onderbouwing).
    #[schema(max_length = 5000)]
    pub evidence: Option<String>,
    /// Counts changes of the milestone's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for Milestone {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/initiatives/{}/milestones/{}", self.initiative_id, self.id)
    }
}

/// A new milestone.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateMilestone {
    /// What is to be reached.
    pub title: Line<200>,
    /// Day by which it is due (streefdatum).
    pub due_on: Option<Day>,
    /// Day on which it was reached (behaald op), never ahead of today.
    pub reached_on: Option<Day>,
    /// What shows that it was reached (onderbouwing).
    pub evidence: Option<Prose<5000>>,
}

/// Changes to a milestone: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchMilestone {
    /// What is to be reached.
    #[serde(default)]
    pub title: Change<Line<200>>,
    /// Day by which it is due (streefdatum).
    #[serde(default)]
    pub due_on: Patch<Day>,
    /// Day on which it was reached (behaald op), never ahead of today; null takes it back.
    #[serde(default)]
    pub reached_on: Patch<Day>,
    /// What shows that it was reached (onderbouwing).
    #[serde(default)]
    pub evidence: Patch<Prose<5000>>,
}

/// Which milestones to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MilestoneFilter {
    /// Only those reached (true) or not reached (false).
    pub reached: Option<bool>,
    /// Only those due before this day.
    #[param(inline)]
    pub due_before: Option<Day>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for MilestoneFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a new milestone.
#[derive(Debug, Insertable)]
#[diesel(table_name = milestones, treat_none_as_default_value = false)]
pub(super) struct NewMilestone {
    pub(super) id: MilestoneId,
    pub(super) initiative_id: InitiativeId,
    pub(super) region_id: RegionId,
    pub(super) title: Line<200>,
    pub(super) due_on: Option<Day>,
    pub(super) reached_on: Option<Day>,
    pub(super) evidence: Option<Prose<5000>>,
}

/// The columns a change sets; what is absent stays.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = milestones)]
pub(super) struct MilestoneChanges {
    title: Option<Line<200>>,
    due_on: Option<Option<Day>>,
    reached_on: Option<Option<Day>>,
    evidence: Option<Option<Prose<5000>>>,
    version: i32,
}

impl CreateMilestone {
    /// The row of this new milestone of an initiative in a region.
    pub(super) fn into_row(self, initiative_id: InitiativeId, region_id: RegionId) -> NewMilestone {
        NewMilestone {
            id: MilestoneId::new(),
            initiative_id,
            region_id,
            title: self.title,
            due_on: self.due_on,
            reached_on: self.reached_on,
            evidence: self.evidence,
        }
    }
}

impl PatchMilestone {
    /// The change to version `version`.
    pub(super) fn into_changes(self, version: i32) -> MilestoneChanges {
        MilestoneChanges {
            title: self.title.into_change(),
            due_on: self.due_on.into_change(),
            reached_on: self.reached_on.into_change(),
            evidence: self.evidence.into_change(),
            version: version + 1,
        }
    }
}

/// What rules need to know of a milestone that is about to change.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = milestones)]
pub(super) struct Standing {
    pub(super) reached_on: Option<NaiveDate>,
    pub(super) version: i32,
}
