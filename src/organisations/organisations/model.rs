//! What an organisation is, on the wire and in its table.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::csv::Export;
use crate::http::page::Filter;
use crate::http::patch::{Change, Patch};
use crate::http::reply::Resource;
use crate::kernel::formats::{AgbCode, EducationOffererCode, KvkNumber, Phone, Postcode};
use crate::kernel::ids::{OrganisationId, RegionId};
use crate::kernel::since::Since;
use crate::kernel::text::Line;
use crate::organisations::address::{Address, AddressChange, PatchAddress};
use crate::schema::organisations;

crate::code_lists! {
    /// What an organisation is; one may be several things.
    OrganisationKind "organisation-kind" {
        Practice "practice" "Huisartsenpraktijk" "GP practice";
        HealthCentre "health-centre" "Gezondheidscentrum" "Health centre";
        OutOfHoursPost "out-of-hours-post" "Huisartsenpost" "Out-of-hours GP post";
        CareGroup "care-group" "Zorggroep" "Care group";
        School "school" "School" "School";
        Funder "funder" "Fonds" "Fund";
        GpAssociation "gp-association" "Huisartsenvereniging" "Association of GPs";
        EmployersAssociation "employers-association" "Werkgeversvereniging" "Employers' association";
        SupportOrganisation "support-organisation" "Ondersteuningsorganisatie" "Support organisation";
        WelfareOrganisation "welfare-organisation" "Welzijnsorganisatie" "Welfare organisation";
        TrainingProvider "training-provider" "Opleider of nascholer" "Training provider";
        StaffingPool "staffing-pool" "Flexpool" "Staffing pool";
        SectorBody "sector-body" "Brancheorganisatie" "Sector body";
    }
}

impl OrganisationKind {
    /// Whether an organisation of this kind can host interns (stagebieder).
    #[must_use]
    pub const fn hosts(self) -> bool {
        matches!(self, Self::Practice | Self::HealthCentre | Self::OutOfHoursPost)
    }
}

crate::feed_pages! {
    OrganisationPage of Organisation;
}

impl Export for OrganisationPage {
    type Row = Organisation;
    const NAME: &'static str = "organisations";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "name",
        "kinds",
        "kvkNumber",
        "agbCode",
        "leerbedrijfId",
        "educationOffererCode",
        "visitingAddress.street",
        "visitingAddress.houseNumber",
        "visitingAddress.postcode",
        "visitingAddress.place",
        "phone",
        "active",
        "version",
        "createdAt",
        "updatedAt",
    ];
}

/// An organisation (organisatie) of the field: a host, school, fund, bureau or partner.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Organisation {
    /// Identifies the organisation.
    pub id: OrganisationId,
    /// Name by which it is known.
    #[schema(max_length = 200)]
    pub name: String,
    /// What it is.
    #[schema(min_items = 1, max_items = 13)]
    pub kinds: Vec<OrganisationKind>,
    /// Number in the trade register (KVK-nummer).
    pub kvk_number: Option<KvkNumber>,
    /// Code in the register of care providers (AGB-code).
    pub agb_code: Option<AgbCode>,
    /// Identifier as recognised training company (leerbedrijf-ID).
    pub leerbedrijf_id: Option<Line<64>>,
    /// Code as education offerer in RIO (onderwijsaanbiedercode), of a school.
    pub education_offerer_code: Option<EducationOffererCode>,
    /// Visiting address (bezoekadres).
    pub visiting_address: Address,
    /// General telephone number, never of a person.
    pub phone: Option<Phone>,
    /// False once it no longer takes part; what it did stays.
    pub active: bool,
    /// Counts changes of the organisation's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for Organisation {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/organisations/{}", self.id)
    }
}

/// A new organisation for the directory.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateOrganisation {
    /// Name by which it is known.
    pub name: Line<200>,
    /// What it is, each kind once.
    #[validate(length(min = 1, max = 13))]
    #[schema(min_items = 1, max_items = 13)]
    pub kinds: Vec<OrganisationKind>,
    /// Number in the trade register (KVK-nummer).
    pub kvk_number: Option<KvkNumber>,
    /// Code in the register of care providers (AGB-code).
    pub agb_code: Option<AgbCode>,
    /// Identifier as recognised training company (leerbedrijf-ID).
    pub leerbedrijf_id: Option<Line<64>>,
    /// Code as education offerer in RIO (onderwijsaanbiedercode).
    pub education_offerer_code: Option<EducationOffererCode>,
    /// Visiting address (bezoekadres).
    #[serde(default)]
    #[validate(nested)]
    pub visiting_address: Address,
    /// General telephone number, never of a person.
    pub phone: Option<Phone>,
}

/// Changes to an organisation: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchOrganisation {
    /// Name by which it is known.
    #[serde(default)]
    pub name: Change<Line<200>>,
    /// What it is: the whole list, each kind once.
    #[serde(default)]
    #[validate(length(min = 1, max = 13))]
    #[schema(min_items = 1, max_items = 13)]
    pub kinds: Change<Vec<OrganisationKind>>,
    /// Number in the trade register (KVK-nummer).
    #[serde(default)]
    pub kvk_number: Patch<KvkNumber>,
    /// Code in the register of care providers (AGB-code).
    #[serde(default)]
    pub agb_code: Patch<AgbCode>,
    /// Identifier as recognised training company (leerbedrijf-ID).
    #[serde(default)]
    pub leerbedrijf_id: Patch<Line<64>>,
    /// Code as education offerer in RIO (onderwijsaanbiedercode).
    #[serde(default)]
    pub education_offerer_code: Patch<EducationOffererCode>,
    /// Visiting address (bezoekadres); null clears it.
    #[serde(default)]
    #[validate(nested)]
    pub visiting_address: Patch<PatchAddress>,
    /// General telephone number.
    #[serde(default)]
    pub phone: Patch<Phone>,
    /// Whether it takes part.
    #[serde(default)]
    pub active: Change<bool>,
}

/// Which organisations to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrganisationFilter {
    /// Only with this in the name; capitals do not matter.
    #[param(inline)]
    pub name: Option<Line<200>>,
    /// Only of this kind.
    #[param(inline)]
    pub kind: Option<OrganisationKind>,
    /// Only in this place; capitals do not matter.
    #[param(inline)]
    pub place: Option<Line<100>>,
    /// Only members of this region today.
    pub region_id: Option<RegionId>,
    /// Only those that take part, or that no longer do.
    pub active: Option<bool>,
    /// Only what changed since: a moment, or the `nextUpdatedSince` of the answer before.
    #[param(inline)]
    pub updated_since: Option<Since>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for OrganisationFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// By what to find an organisation: everything that is given has to fit.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SearchOrganisations {
    /// Number in the trade register (KVK-nummer).
    pub kvk_number: Option<KvkNumber>,
    /// Code in the register of care providers (AGB-code).
    pub agb_code: Option<AgbCode>,
    /// Identifier of it or of one of its sites as recognised training company (leerbedrijf-ID).
    pub leerbedrijf_id: Option<Line<64>>,
    /// Part of the name; capitals do not matter.
    pub name: Option<Line<200>>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[schema(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[schema(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for SearchOrganisations {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The place of an organisation in the directory: names in alphabetical order.
pub(super) type ByName = (String, OrganisationId);

/// The row of a new organisation.
#[derive(Debug, Insertable)]
#[diesel(table_name = organisations, treat_none_as_default_value = false)]
pub(super) struct NewOrganisation {
    pub(super) id: OrganisationId,
    pub(super) name: Line<200>,
    pub(super) kinds: Vec<OrganisationKind>,
    pub(super) kvk_number: Option<KvkNumber>,
    pub(super) agb_code: Option<AgbCode>,
    pub(super) leerbedrijf_id: Option<Line<64>>,
    pub(super) education_offerer_code: Option<EducationOffererCode>,
    pub(super) street: Option<Line<200>>,
    pub(super) house_number: Option<Line<20>>,
    pub(super) postcode: Option<Postcode>,
    pub(super) place: Option<Line<100>>,
    pub(super) phone: Option<Phone>,
}

/// The columns a change sets; what is absent stays.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = organisations)]
pub(super) struct OrganisationChanges {
    name: Option<Line<200>>,
    kinds: Option<Vec<OrganisationKind>>,
    kvk_number: Option<Option<KvkNumber>>,
    agb_code: Option<Option<AgbCode>>,
    leerbedrijf_id: Option<Option<Line<64>>>,
    education_offerer_code: Option<Option<EducationOffererCode>>,
    street: Option<Option<Line<200>>>,
    house_number: Option<Option<Line<20>>>,
    postcode: Option<Option<Postcode>>,
    place: Option<Option<Line<100>>>,
    phone: Option<Option<Phone>>,
    active: Option<bool>,
    version: i32,
}

impl CreateOrganisation {
    /// The row of this new organisation.
    pub(super) fn into_row(self) -> NewOrganisation {
        let Address { street, house_number, postcode, place } = self.visiting_address;
        NewOrganisation {
            id: OrganisationId::new(),
            name: self.name,
            kinds: self.kinds,
            kvk_number: self.kvk_number,
            agb_code: self.agb_code,
            leerbedrijf_id: self.leerbedrijf_id,
            education_offerer_code: self.education_offerer_code,
            street,
            house_number,
            postcode,
            place,
            phone: self.phone,
        }
    }
}

impl PatchOrganisation {
    /// The change to version `version`.
    pub(super) fn into_changes(self, version: i32) -> OrganisationChanges {
        let AddressChange { street, house_number, postcode, place } = AddressChange::of(self.visiting_address);
        OrganisationChanges {
            name: self.name.into_change(),
            kinds: self.kinds.into_change(),
            kvk_number: self.kvk_number.into_change(),
            agb_code: self.agb_code.into_change(),
            leerbedrijf_id: self.leerbedrijf_id.into_change(),
            education_offerer_code: self.education_offerer_code.into_change(),
            street,
            house_number,
            postcode,
            place,
            phone: self.phone.into_change(),
            active: self.active.into_change(),
            version: version + 1,
        }
    }
}
