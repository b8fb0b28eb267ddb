//! What a barrier is, on the wire and in its table.

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
use crate::kernel::ids::{BarrierId, InitiativeId, OrganisationId, RegionId};
use crate::kernel::named::Named;
use crate::kernel::text::{Line, Prose};
use crate::schema::barriers;

crate::fact_pages! {
    BarrierPage of Barrier;
}

/// A barrier that an initiative meets (belemmering): a fact with the days on which it holds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Barrier {
    /// Identifies the barrier, through all its corrections.
    pub id: BarrierId,
    /// The initiative that meets it.
    pub initiative_id: InitiativeId,
    /// The barrier in a few words.
    #[schema(max_length = 200)]
    pub title: String,
    /// What it is and whom it hinders.
    #[schema(max_length = 5000)]
    pub description: Option<String>,
    /// The organisation that takes it up (eigenaar).
    pub owner_organisation: Option<Named>,
    /// What is done about it (actie).
    #[schema(max_length = 5000)]
    pub action: Option<String>,
    /// Day on which it was identified (gesignaleerd op).
    pub effective_from: NaiveDate,
    /// Day on which it was resolved (opgelost op); null while it stands.
    pub effective_to: Option<NaiveDate>,
    /// Counts the corrections, from 1.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When this version was recorded.
    pub recorded_at: DateTime<Utc>,
    /// When a correction took the place of this version; null while it stands.
    pub superseded_at: Option<DateTime<Utc>>,
}

impl Resource for Barrier {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/initiatives/{}/barriers/{}", self.initiative_id, self.id)
    }
}

/// A new barrier.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordBarrier {
    /// The barrier in a few words.
    pub title: Line<200>,
    /// What it is and whom it hinders.
    pub description: Option<Prose<5000>>,
    /// The organisation that takes it up (eigenaar).
    pub owner_organisation_id: Option<OrganisationId>,
    /// What is done about it (actie).
    pub action: Option<Prose<5000>>,
    /// Day on which it was identified (gesignaleerd op), never ahead of today.
    pub effective_from: Day,
    /// Day on which it was resolved (opgelost op), after that day and never ahead of today; leave
    /// out while it stands.
    pub effective_to: Option<Day>,
}

/// A correction of a barrier, or its end: what is absent stays, null clears.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CorrectBarrier {
    /// The barrier in a few words.
    #[serde(default)]
    pub title: Change<Line<200>>,
    /// What it is and whom it hinders.
    #[serde(default)]
    pub description: Patch<Prose<5000>>,
    /// The organisation that takes it up (eigenaar).
    #[serde(default)]
    pub owner_organisation_id: Patch<OrganisationId>,
    /// What is done about it (actie).
    #[serde(default)]
    pub action: Patch<Prose<5000>>,
    /// Day on which it was identified (gesignaleerd op), never ahead of today.
    #[serde(default)]
    pub effective_from: Change<Day>,
    /// Day on which it was resolved (opgelost op), never ahead of today; null when it still stands.
    #[serde(default)]
    pub effective_to: Patch<Day>,
    /// True when it never was a barrier: it is listed no more, except as known before. Stands alone.
    #[serde(default)]
    pub withdrawn: bool,
}

/// Which barriers to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BarrierFilter {
    /// Only those that this organisation takes up.
    pub owner_organisation_id: Option<OrganisationId>,
    /// Only those that stood on this day.
    #[param(inline)]
    pub as_of: Option<Day>,
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

impl BarrierFilter {
    /// The point from which to look at them.
    pub(super) fn view(&self) -> View {
        View { as_of: self.as_of.map(NaiveDate::from), known_at: self.known_at }
    }
}

impl Filter for BarrierFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// One version of a barrier, as it is recorded.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = barriers, treat_none_as_default_value = false)]
pub(super) struct Version {
    pub(super) row_id: Uuid,
    pub(super) id: BarrierId,
    pub(super) version: i32,
    pub(super) initiative_id: InitiativeId,
    pub(super) region_id: RegionId,
    pub(super) title: Line<200>,
    pub(super) description: Option<Prose<5000>>,
    pub(super) owner_organisation_id: Option<OrganisationId>,
    pub(super) action: Option<Prose<5000>>,
    pub(super) effective_from: Day,
    pub(super) effective_to: Option<Day>,
}

impl RecordBarrier {
    /// The first version of this new barrier of an initiative in a region.
    pub(super) fn into_version(self, initiative_id: InitiativeId, region_id: RegionId) -> Version {
        Version {
            row_id: Uuid::now_v7(),
            id: BarrierId::new(),
            version: 1,
            initiative_id,
            region_id,
            title: self.title,
            description: self.description,
            owner_organisation_id: self.owner_organisation_id,
            action: self.action,
            effective_from: self.effective_from,
            effective_to: self.effective_to,
        }
    }
}

impl Version {
    /// The version that takes the place of this one.
    pub(super) fn corrected(&self, correction: CorrectBarrier) -> Self {
        let mut next = self.clone();
        next.row_id = Uuid::now_v7();
        next.version += 1;
        correction.title.apply_to(&mut next.title);
        correction.description.apply_to(&mut next.description);
        correction.owner_organisation_id.apply_to(&mut next.owner_organisation_id);
        correction.action.apply_to(&mut next.action);
        correction.effective_from.apply_to(&mut next.effective_from);
        correction.effective_to.apply_to(&mut next.effective_to);
        next
    }
}
