//! What a partner is, on the wire and in its table.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::page::Filter;
use crate::http::patch::{Change, Patch};
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::ids::{InitiativeId, OrganisationId, PartnerId, RegionId};
use crate::kernel::named::Named;
use crate::schema::initiative_partners;

crate::code_lists! {
    /// What a partner does in an initiative (rol).
    PartnerRole "partner-role" {
        Partner "partner" "Samenwerkingspartner" "Partner";
        ProjectManagement "project-management" "Projectleiding" "Project management";
        Education "education" "Onderwijs" "Education";
        Employers "employers" "Werkgevers" "Employers";
        GpAssociation "gp-association" "Huisartsenvereniging" "GP association";
        Host "host" "Stagebieder" "Host of interns";
        Training "training" "Scholing" "Training";
        Funding "funding" "Medefinancier" "Co-funder";
        Advisor "advisor" "Adviseur" "Advisor";
    }
}

crate::pages! {
    PartnerPage of Partner;
}

/// A partner of an initiative (samenwerkingspartner).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Partner {
    /// Identifies the partnership.
    pub id: PartnerId,
    /// The initiative it belongs to.
    pub initiative_id: InitiativeId,
    /// The organisation that works along; it sees the initiative, also after its last day.
    pub organisation: Named,
    /// What it does in the initiative (rol).
    pub role: PartnerRole,
    /// First day of the partnership.
    pub effective_from: NaiveDate,
    /// First day on which it is a partner no more; null while open.
    pub effective_to: Option<NaiveDate>,
    /// Counts changes of the partner's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for Partner {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/initiatives/{}/partners/{}", self.initiative_id, self.id)
    }
}

/// A new partner.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreatePartner {
    /// The organisation that works along.
    pub organisation_id: OrganisationId,
    /// What it does in the initiative (rol).
    pub role: PartnerRole,
    /// First day of the partnership; may lie ahead.
    pub effective_from: Day,
    /// First day on which it is a partner no more; leave out while open.
    pub effective_to: Option<Day>,
}

/// Changes to a partner: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchPartner {
    /// What it does in the initiative (rol).
    #[serde(default)]
    pub role: Change<PartnerRole>,
    /// First day of the partnership.
    #[serde(default)]
    pub effective_from: Change<Day>,
    /// First day on which it is a partner no more; null opens the end.
    #[serde(default)]
    pub effective_to: Patch<Day>,
}

/// Which partners to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PartnerFilter {
    /// Only in this role.
    #[param(inline)]
    pub role: Option<PartnerRole>,
    /// Only partners on this day.
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

impl Filter for PartnerFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a new partner.
#[derive(Debug, Insertable)]
#[diesel(table_name = initiative_partners, treat_none_as_default_value = false)]
pub(super) struct NewPartner {
    pub(super) id: PartnerId,
    pub(super) initiative_id: InitiativeId,
    pub(super) region_id: RegionId,
    pub(super) organisation_id: OrganisationId,
    pub(super) role: PartnerRole,
    pub(super) effective_from: Day,
    pub(super) effective_to: Option<Day>,
}

/// The columns a change sets; what is absent stays.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = initiative_partners)]
pub(super) struct PartnerChanges {
    role: Option<PartnerRole>,
    effective_from: Option<Day>,
    effective_to: Option<Option<Day>>,
    version: i32,
}

impl CreatePartner {
    /// The row of this new partner of an initiative in a region.
    pub(super) fn into_row(self, initiative_id: InitiativeId, region_id: RegionId) -> NewPartner {
        NewPartner {
            id: PartnerId::new(),
            initiative_id,
            region_id,
            organisation_id: self.organisation_id,
            role: self.role,
            effective_from: self.effective_from,
            effective_to: self.effective_to,
        }
    }
}

impl PatchPartner {
    /// The change to version `version`.
    pub(super) fn into_changes(self, version: i32) -> PartnerChanges {
        PartnerChanges {
            role: self.role.into_change(),
            effective_from: self.effective_from.into_change(),
            effective_to: self.effective_to.into_change(),
            version: version + 1,
        }
    }
}

/// What rules need to know of a partner that is about to change.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = initiative_partners)]
pub(super) struct Standing {
    pub(super) effective_from: NaiveDate,
    pub(super) effective_to: Option<NaiveDate>,
    pub(super) version: i32,
}
