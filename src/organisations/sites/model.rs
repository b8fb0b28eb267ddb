//! What a site is, on the wire and in its table.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::page::Filter;
use crate::http::patch::{Change, Patch};
use crate::http::reply::Resource;
use crate::kernel::formats::Postcode;
use crate::kernel::ids::{OrganisationId, SiteId};
use crate::kernel::text::Line;
use crate::organisations::address::{Address, AddressChange, PatchAddress};
use crate::schema::organisation_sites;

crate::code_lists! {
    /// What kind of place a site is.
    SiteSetting "site-setting" {
        DayPractice "day-practice" "Dagpraktijk" "Day practice";
        OutOfHoursPost "out-of-hours-post" "Huisartsenpost" "Out-of-hours GP post";
        School "school" "Schoollocatie" "School";
        Office "office" "Kantoor" "Office";
    }
}

crate::pages! {
    SitePage of Site;
}

/// A site (vestiging) of an organisation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Site {
    /// Identifies the site.
    pub id: SiteId,
    /// The organisation that works there.
    pub organisation_id: OrganisationId,
    /// Name of the site, unique in the organisation.
    #[schema(max_length = 200)]
    pub name: String,
    /// What kind of place it is.
    pub setting: SiteSetting,
    /// Visiting address (bezoekadres).
    pub visiting_address: Address,
    /// Identifier of the site as recognised training company (leerbedrijf-ID).
    pub leerbedrijf_id: Option<Line<64>>,
    /// Counts changes of the site's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for Site {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/organisations/{}/sites/{}", self.organisation_id, self.id)
    }
}

/// A new site.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateSite {
    /// Name of the site, unique in the organisation.
    pub name: Line<200>,
    /// What kind of place it is.
    pub setting: SiteSetting,
    /// Visiting address (bezoekadres).
    #[serde(default)]
    #[validate(nested)]
    pub visiting_address: Address,
    /// Identifier of the site as recognised training company (leerbedrijf-ID).
    pub leerbedrijf_id: Option<Line<64>>,
}

/// Changes to a site: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchSite {
    /// Name of the site, unique in the organisation.
    #[serde(default)]
    pub name: Change<Line<200>>,
    /// What kind of place it is.
    #[serde(default)]
    pub setting: Change<SiteSetting>,
    /// Visiting address (bezoekadres); null clears it.
    #[serde(default)]
    #[validate(nested)]
    pub visiting_address: Patch<PatchAddress>,
    /// Identifier of the site as recognised training company (leerbedrijf-ID).
    #[serde(default)]
    pub leerbedrijf_id: Patch<Line<64>>,
}

/// Which sites to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SiteFilter {
    /// Only of this kind.
    #[param(inline)]
    pub setting: Option<SiteSetting>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for SiteFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a new site.
#[derive(Debug, Insertable)]
#[diesel(table_name = organisation_sites, treat_none_as_default_value = false)]
pub(super) struct NewSite {
    pub(super) id: SiteId,
    pub(super) organisation_id: OrganisationId,
    pub(super) name: Line<200>,
    pub(super) setting: SiteSetting,
    pub(super) street: Option<Line<200>>,
    pub(super) house_number: Option<Line<20>>,
    pub(super) postcode: Option<Postcode>,
    pub(super) place: Option<Line<100>>,
    pub(super) leerbedrijf_id: Option<Line<64>>,
}

/// The columns a change sets; what is absent stays.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = organisation_sites)]
pub(super) struct SiteChanges {
    name: Option<Line<200>>,
    setting: Option<SiteSetting>,
    street: Option<Option<Line<200>>>,
    house_number: Option<Option<Line<20>>>,
    postcode: Option<Option<Postcode>>,
    place: Option<Option<Line<100>>>,
    leerbedrijf_id: Option<Option<Line<64>>>,
    version: i32,
}

impl CreateSite {
    /// The row of this new site of the organisation.
    pub(super) fn into_row(self, organisation_id: OrganisationId) -> NewSite {
        let Address { street, house_number, postcode, place } = self.visiting_address;
        NewSite {
            id: SiteId::new(),
            organisation_id,
            name: self.name,
            setting: self.setting,
            street,
            house_number,
            postcode,
            place,
            leerbedrijf_id: self.leerbedrijf_id,
        }
    }
}

impl PatchSite {
    /// The change to version `version`.
    pub(super) fn into_changes(self, version: i32) -> SiteChanges {
        let AddressChange { street, house_number, postcode, place } = AddressChange::of(self.visiting_address);
        SiteChanges {
            name: self.name.into_change(),
            setting: self.setting.into_change(),
            street,
            house_number,
            postcode,
            place,
            leerbedrijf_id: self.leerbedrijf_id.into_change(),
            version: version + 1,
        }
    }
}
