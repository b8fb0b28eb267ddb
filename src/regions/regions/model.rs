//! What a region is, on the wire and in its table.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::page::Filter;
use crate::http::patch::Change;
use crate::http::reply::Resource;
use crate::kernel::formats::Slug;
use crate::kernel::ids::{OrganisationId, RegionId};
use crate::kernel::named::Named;
use crate::kernel::text::Line;
use crate::schema::regions;

crate::pages! {
    RegionPage of Region;
}

/// A region (regio) in which placements are made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    /// Identifies the region.
    pub id: RegionId,
    /// Short name, unique among the regions.
    #[schema(max_length = 64)]
    pub code: String,
    /// Name of the region.
    #[schema(max_length = 200)]
    pub name: String,
    /// The placement bureau (stagebureau), or the care group that acts as one.
    pub bureau_organisation: Named,
    /// Counts changes of the region's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for Region {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/regions/{}", self.id)
    }
}

/// A new region.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateRegion {
    /// Short name, unique among the regions.
    pub code: Slug,
    /// Name of the region.
    pub name: Line<200>,
    /// The placement bureau (stagebureau), or the care group that acts as one.
    pub bureau_organisation_id: OrganisationId,
}

/// Changes to a region: what is absent stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchRegion {
    /// Short name, unique among the regions.
    #[serde(default)]
    pub code: Change<Slug>,
    /// Name of the region.
    #[serde(default)]
    pub name: Change<Line<200>>,
    /// The placement bureau (stagebureau); only the platform gives a region to another.
    #[serde(default)]
    pub bureau_organisation_id: Change<OrganisationId>,
}

/// Which regions to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RegionFilter {
    /// Only the region with this short name.
    #[param(inline)]
    pub code: Option<Slug>,
    /// Only regions whose bureau is this organisation.
    pub bureau_organisation_id: Option<OrganisationId>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for RegionFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a new region.
#[derive(Debug, Insertable)]
#[diesel(table_name = regions)]
pub(super) struct NewRegion {
    pub(super) id: RegionId,
    code: Slug,
    name: Line<200>,
    bureau_organisation_id: OrganisationId,
}

impl CreateRegion {
    /// The row of this new region.
    pub(super) fn into_row(self) -> NewRegion {
        NewRegion {
            id: RegionId::new(),
            code: self.code,
            name: self.name,
            bureau_organisation_id: self.bureau_organisation_id,
        }
    }
}

/// The columns a change sets; what is absent stays.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = regions)]
pub(super) struct RegionChanges {
    code: Option<Slug>,
    name: Option<Line<200>>,
    bureau_organisation_id: Option<OrganisationId>,
    version: i32,
}

impl PatchRegion {
    /// The change to the version after `version`.
    pub(super) fn into_changes(self, version: i32) -> RegionChanges {
        RegionChanges {
            code: self.code.into_change(),
            name: self.name.into_change(),
            bureau_organisation_id: self.bureau_organisation_id.into_change(),
            version: version + 1,
        }
    }
}
