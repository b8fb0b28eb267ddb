//! What a count of a cohort is, on the wire and in its table.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::http::page::Filter;
use crate::http::patch::Change;
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::ids::{CohortCountId, CohortId, OrganisationId};
use crate::schema::cohort_counts;

crate::fact_pages! {
    CohortCountPage of CohortCount;
}

/// A count of a cohort (telling): it holds until the next one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CohortCount {
    /// Identifies the count; the same in every version.
    pub id: CohortCountId,
    /// The cohort that was counted.
    pub cohort_id: CohortId,
    /// The day on which was counted (teldatum).
    pub counted_on: NaiveDate,
    /// People who applied (aanmeldingen).
    #[schema(minimum = 0, maximum = 100_000)]
    pub applicants: i32,
    /// Of those, people who wait for a place (wachtlijst).
    #[schema(minimum = 0, maximum = 100_000)]
    pub applicants_waiting: i32,
    /// Students who are enrolled (inschrijvingen).
    #[schema(minimum = 0, maximum = 100_000)]
    pub enrolled: i32,
    /// Counts corrections, from 1.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When this version was recorded.
    pub recorded_at: DateTime<Utc>,
    /// When a correction took its place; null while it stands.
    pub superseded_at: Option<DateTime<Utc>>,
}

impl Resource for CohortCount {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/cohorts/{}/counts/{}", self.cohort_id, self.id)
    }
}

/// A count to record.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateCohortCount {
    /// The day on which was counted (teldatum); not ahead of today.
    pub counted_on: Day,
    /// People who applied (aanmeldingen).
    #[validate(range(min = 0, max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    pub applicants: i32,
    /// Of those, people who wait for a place (wachtlijst).
    #[validate(range(min = 0, max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    pub applicants_waiting: i32,
    /// Students who are enrolled (inschrijvingen).
    #[validate(range(min = 0, max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    pub enrolled: i32,
}

/// A correction of a count: what is absent stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchCohortCount {
    /// The day on which was counted (teldatum); not ahead of today.
    #[serde(default)]
    pub counted_on: Change<Day>,
    /// People who applied (aanmeldingen).
    #[serde(default)]
    #[validate(range(min = 0, max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    pub applicants: Change<i32>,
    /// Of those, people who wait for a place (wachtlijst).
    #[serde(default)]
    #[validate(range(min = 0, max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    pub applicants_waiting: Change<i32>,
    /// Students who are enrolled (inschrijvingen).
    #[serde(default)]
    #[validate(range(min = 0, max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    pub enrolled: Change<i32>,
    /// True when nobody counted: the count is gone, and other properties are not looked at.
    #[serde(default)]
    pub withdrawn: bool,
}

/// Which counts to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CohortCountFilter {
    /// Only the one that holds on this day (peildatum): the last of that day or before.
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

impl Filter for CohortCountFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a version.
#[derive(Debug, Insertable)]
#[diesel(table_name = cohort_counts)]
pub(super) struct NewCohortCount {
    pub(super) row_id: Uuid,
    pub(super) id: CohortCountId,
    pub(super) version: i32,
    pub(super) cohort_id: CohortId,
    pub(super) school_id: OrganisationId,
    pub(super) applicants: i32,
    pub(super) applicants_waiting: i32,
    pub(super) enrolled: i32,
    pub(super) effective_from: NaiveDate,
}

/// The standing version of a count that is about to be corrected.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = cohort_counts)]
pub(super) struct Standing {
    pub(super) row_id: Uuid,
    pub(super) id: CohortCountId,
    pub(super) version: i32,
    pub(super) cohort_id: CohortId,
    pub(super) school_id: OrganisationId,
    pub(super) applicants: i32,
    pub(super) applicants_waiting: i32,
    pub(super) enrolled: i32,
    pub(super) effective_from: NaiveDate,
}

impl CreateCohortCount {
    /// The first version of this count.
    pub(super) fn into_row(self, cohort_id: CohortId, school_id: OrganisationId) -> NewCohortCount {
        NewCohortCount {
            row_id: Uuid::now_v7(),
            id: CohortCountId::new(),
            version: 1,
            cohort_id,
            school_id,
            applicants: self.applicants,
            applicants_waiting: self.applicants_waiting,
            enrolled: self.enrolled,
            effective_from: self.counted_on.date(),
        }
    }
}

impl PatchCohortCount {
    /// The version after `standing`.
    pub(super) fn into_row(self, standing: &Standing) -> NewCohortCount {
        NewCohortCount {
            row_id: Uuid::now_v7(),
            id: standing.id,
            version: standing.version + 1,
            cohort_id: standing.cohort_id,
            school_id: standing.school_id,
            applicants: self.applicants.into_change().unwrap_or(standing.applicants),
            applicants_waiting: self.applicants_waiting.into_change().unwrap_or(standing.applicants_waiting),
            enrolled: self.enrolled.into_change().unwrap_or(standing.enrolled),
            effective_from: self.counted_on.into_change().map_or(standing.effective_from, Day::date),
        }
    }
}
