//! What a stated need for workers is, on the wire and in its table.

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
use crate::kernel::fact::{Period, View};
use crate::kernel::field::Profession;
use crate::kernel::ids::{RegionId, WorkforceNeedId};
use crate::kernel::named::Named;
use crate::kernel::text::Line;
use crate::schema::workforce_needs;

crate::fact_pages! {
    WorkforceNeedPage of WorkforceNeed;
}

/// How many people of a profession a region needs in a year (personeelsbehoefte): an estimate
/// that holds from a day on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkforceNeed {
    /// Identifies the estimate; the same in every version.
    pub id: WorkforceNeedId,
    /// The region that needs them.
    pub region: Named,
    /// The profession that is needed.
    pub profession: Profession,
    /// The calendar year in which.
    #[schema(minimum = 2000, maximum = 2100)]
    pub year: i16,
    /// Persons needed in that year.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub needed: i32,
    /// Persons expected to leave in that year (verwachte uitstroom).
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub expected_outflow: Option<i32>,
    /// Where the numbers come from (bron).
    #[schema(max_length = 200)]
    pub source: Option<String>,
    /// First day on which the estimate holds (ingangsdatum).
    pub effective_from: NaiveDate,
    /// First day on which it no longer holds (einddatum, exclusief); null while it does.
    pub effective_to: Option<NaiveDate>,
    /// Counts corrections, from 1.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When this version was recorded.
    pub recorded_at: DateTime<Utc>,
    /// When a correction took its place; null while it stands.
    pub superseded_at: Option<DateTime<Utc>>,
}

impl Resource for WorkforceNeed {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/regions/{}/workforce-needs/{}", self.region.id, self.id)
    }
}

/// An estimate to record.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateWorkforceNeed {
    /// The profession that is needed.
    pub profession: Profession,
    /// The calendar year in which.
    #[validate(range(min = 2000, max = 2100))]
    #[schema(minimum = 2000, maximum = 2100)]
    pub year: i16,
    /// Persons needed in that year.
    #[validate(range(min = 0, max = 1_000_000))]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub needed: i32,
    /// Persons expected to leave in that year (verwachte uitstroom).
    #[validate(range(min = 0, max = 1_000_000))]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub expected_outflow: Option<i32>,
    /// Where the numbers come from (bron).
    pub source: Option<Line<200>>,
    /// First day on which it holds; not ahead of today.
    pub effective_from: Day,
    /// First day on which it no longer holds; not ahead of today.
    pub effective_to: Option<Day>,
}

/// A correction of an estimate, or its end: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchWorkforceNeed {
    /// Persons needed in that year.
    #[serde(default)]
    #[validate(range(min = 0, max = 1_000_000))]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub needed: Change<i32>,
    /// Persons expected to leave in that year.
    #[serde(default)]
    #[validate(range(min = 0, max = 1_000_000))]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub expected_outflow: Patch<i32>,
    /// Where the numbers come from.
    #[serde(default)]
    pub source: Patch<Line<200>>,
    /// First day on which it holds; not ahead of today.
    #[serde(default)]
    pub effective_from: Change<Day>,
    /// First day on which it no longer holds: ends the estimate, for the next to take its place;
    /// not ahead of today.
    #[serde(default)]
    pub effective_to: Patch<Day>,
    /// True when it never held: the estimate is gone, and other properties are not looked at.
    #[serde(default)]
    pub withdrawn: bool,
}

/// Which workforce needs to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WorkforceNeedFilter {
    /// Only those that hold on this day (peildatum).
    #[param(inline)]
    pub as_of: Option<Day>,
    /// As the records stood at this moment; as they stand now when absent.
    pub known_at: Option<DateTime<Utc>>,
    /// Only of this profession.
    #[param(inline)]
    pub profession: Option<Profession>,
    /// Only for this calendar year.
    #[validate(range(min = 2000, max = 2100))]
    #[param(minimum = 2000, maximum = 2100)]
    pub year: Option<i16>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl WorkforceNeedFilter {
    /// The point from which the facts are looked at.
    pub(super) fn view(&self) -> View {
        View { as_of: self.as_of.map(NaiveDate::from), known_at: self.known_at }
    }
}

impl Filter for WorkforceNeedFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a version.
#[derive(Debug, Insertable)]
#[diesel(table_name = workforce_needs, treat_none_as_default_value = false)]
pub(super) struct NewWorkforceNeed {
    pub(super) row_id: Uuid,
    pub(super) id: WorkforceNeedId,
    pub(super) version: i32,
    pub(super) region_id: RegionId,
    pub(super) profession: Profession,
    pub(super) year: i16,
    pub(super) needed: i32,
    pub(super) expected_outflow: Option<i32>,
    pub(super) source: Option<Line<200>>,
    pub(super) effective_from: NaiveDate,
    pub(super) effective_to: Option<NaiveDate>,
}

impl CreateWorkforceNeed {
    /// The first version of this estimate.
    pub(super) fn into_row(self, region_id: RegionId, period: Period) -> NewWorkforceNeed {
        NewWorkforceNeed {
            row_id: Uuid::now_v7(),
            id: WorkforceNeedId::new(),
            version: 1,
            region_id,
            profession: self.profession,
            year: self.year,
            needed: self.needed,
            expected_outflow: self.expected_outflow,
            source: self.source,
            effective_from: period.from,
            effective_to: period.to,
        }
    }
}

/// The standing version of an estimate that is about to be corrected.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = workforce_needs)]
pub(super) struct Standing {
    pub(super) row_id: Uuid,
    pub(super) id: WorkforceNeedId,
    pub(super) version: i32,
    pub(super) region_id: RegionId,
    pub(super) profession: Profession,
    pub(super) year: i16,
    pub(super) needed: i32,
    pub(super) expected_outflow: Option<i32>,
    pub(super) source: Option<Line<200>>,
    pub(super) effective_from: NaiveDate,
    pub(super) effective_to: Option<NaiveDate>,
}

impl PatchWorkforceNeed {
    /// The version after `standing`.
    pub(super) fn into_row(self, standing: Standing, period: Period) -> NewWorkforceNeed {
        NewWorkforceNeed {
            row_id: Uuid::now_v7(),
            id: standing.id,
            version: standing.version + 1,
            region_id: standing.region_id,
            profession: standing.profession,
            year: standing.year,
            needed: self.needed.into_change().unwrap_or(standing.needed),
            expected_outflow: self.expected_outflow.into_change().unwrap_or(standing.expected_outflow),
            source: self.source.into_change().unwrap_or(standing.source),
            effective_from: period.from,
            effective_to: period.to,
        }
    }
}
