//! What a compliance item is, on the wire and in its table.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::page::Filter;
use crate::http::patch::{Change, Patch};
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::ids::{ComplianceItemId, OrganisationId, PlacementId, RegionId};
use crate::kernel::named::Named;
use crate::placements::placements::PartKey;
use crate::regions::readiness_rules::Requirement;
use crate::schema::compliance_items;

crate::code_lists! {
    /// How it stands with something that a placement needs.
    ComplianceStatus "compliance-status" {
        Missing "missing" "Ontbreekt" "Missing";
        Requested "requested" "Aangevraagd" "Requested";
        Met "met" "In orde" "Met";
        NotApplicable "not-applicable" "Niet van toepassing" "Not applicable";
    }
}

crate::pages! {
    ComplianceItemPage of ComplianceItem;
}

/// How it stands with one thing that a placement needs before it starts (startvoorwaarde): status
/// and validity, never the document itself.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComplianceItem {
    /// Identifies the item.
    pub id: ComplianceItemId,
    /// The placement.
    pub placement_id: PlacementId,
    /// What is needed (voorwaarde).
    pub requirement: Requirement,
    /// How it stands.
    pub status: ComplianceStatus,
    /// The day on which somebody saw that it is so (gecontroleerd op).
    pub checked_on: Option<NaiveDate>,
    /// Last day on which it is valid (geldig tot en met); null without an end.
    pub valid_until: Option<NaiveDate>,
    /// The organisation that said so last.
    pub stated_by: Named,
    /// Counts changes of the item's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for ComplianceItem {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/placements/{}/compliance-items/{}", self.placement_id, self.id)
    }
}

/// A compliance item to enter.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateComplianceItem {
    /// What is needed; the mentor's certificate has a register of its own.
    pub requirement: Requirement,
    /// How it stands.
    pub status: ComplianceStatus,
    /// The day on which somebody saw that it is so, never ahead of today; today when absent and met.
    pub checked_on: Option<Day>,
    /// Last day on which it is valid; only of what is met.
    pub valid_until: Option<Day>,
}

/// Changes to a compliance item: what is absent stays, null clears. What is no longer met is no
/// longer valid either.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchComplianceItem {
    /// How it stands.
    #[serde(default)]
    pub status: Change<ComplianceStatus>,
    /// The day on which somebody saw that it is so, never ahead of today; today when absent with
    /// another status that is met.
    #[serde(default)]
    pub checked_on: Patch<Day>,
    /// Last day on which it is valid; only of what is met.
    #[serde(default)]
    pub valid_until: Patch<Day>,
}

/// Which compliance items to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ComplianceItemFilter {
    /// Only with this status.
    #[param(inline)]
    pub status: Option<ComplianceStatus>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for ComplianceItemFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// What is said of an item, all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsChangeset, Insertable)]
#[diesel(table_name = compliance_items, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct Stated {
    pub(super) status: ComplianceStatus,
    pub(super) checked_on: Option<NaiveDate>,
    pub(super) valid_until: Option<NaiveDate>,
}

/// The row of a new item.
#[derive(Debug, Insertable)]
#[diesel(table_name = compliance_items)]
pub(super) struct NewComplianceItem {
    pub(super) id: ComplianceItemId,
    placement_id: PlacementId,
    region_id: RegionId,
    school_id: OrganisationId,
    practice_id: OrganisationId,
    requirement: Requirement,
    #[diesel(embed)]
    stated: Stated,
}

impl NewComplianceItem {
    /// The row of what is said of a requirement of a placement.
    pub(super) fn of(key: PartKey, requirement: Requirement, stated: Stated) -> Self {
        Self {
            id: ComplianceItemId::new(),
            placement_id: key.placement_id,
            region_id: key.region_id,
            school_id: key.school_id,
            practice_id: key.practice_id,
            requirement,
            stated,
        }
    }
}

/// What rules need to know of an item that is about to change.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = compliance_items)]
pub(super) struct Standing {
    pub(super) status: ComplianceStatus,
    pub(super) checked_on: Option<NaiveDate>,
    pub(super) valid_until: Option<NaiveDate>,
    pub(super) version: i32,
}
