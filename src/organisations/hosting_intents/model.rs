//! What a hosting intent is, on the wire and in its table.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::http::page::Filter;
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::fact::View;
use crate::kernel::formats::SchoolYear;
use crate::kernel::ids::{HostingIntentId, OrganisationId, RegionId};
use crate::kernel::named::Named;
use crate::schema::hosting_intents;

crate::code_lists! {
    /// Whether a host means to offer seats.
    Intent "hosting-intent" {
        Offering "offering" "Biedt plaatsen" "Offers seats";
        Interested "interested" "Heeft belangstelling" "Is interested";
        NotOffering "not-offering" "Biedt geen plaatsen" "Offers no seats";
    }

    /// Why a host offers no seats.
    NotOfferingReason "not-offering-reason" {
        NoTime "no-time" "Geen tijd" "No time";
        NoSpace "no-space" "Geen ruimte" "No room";
        NoMentor "no-mentor" "Geen praktijkbegeleider" "No mentor";
        NoRecognition "no-recognition" "Niet erkend als leerbedrijf" "Not recognised as training company";
        RecentlyHosted "recently-hosted" "Had pas een stagiair" "Hosted an intern recently";
        Other "other" "Anders" "Other";
    }
}

crate::fact_pages! {
    HostingIntentPage of HostingIntent;
}

/// Whether a host means to offer seats in a school year (stagebereidheid): a dated fact.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HostingIntent {
    /// Identifies the intent; the same in every version.
    pub id: HostingIntentId,
    /// The host (stagebieder).
    pub organisation: Named,
    /// The school year it is about (schooljaar).
    pub school_year: SchoolYear,
    /// What it intends.
    pub intent: Intent,
    /// Why it offers no seats (reden); null otherwise.
    pub reason_code: Option<NotOfferingReason>,
    /// First day on which it holds (ingangsdatum).
    pub effective_from: NaiveDate,
    /// First day on which it no longer holds (einddatum, exclusief); null while it does.
    pub effective_to: Option<NaiveDate>,
    /// Who wrote this down: the host itself, or the bureau that heard it by phone.
    pub recorded_by: Named,
    /// When this version was recorded.
    pub recorded_at: DateTime<Utc>,
    /// When a correction took its place; null while it stands.
    pub superseded_at: Option<DateTime<Utc>>,
    /// Counts what was written about this host and school year, from 1.
    #[schema(minimum = 1)]
    pub version: i32,
}

impl Resource for HostingIntent {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/organisations/{}/hosting-intents/{}", self.organisation.id, self.school_year)
    }
}

/// What a host intends for a school year.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PutHostingIntent {
    /// What it intends.
    pub intent: Intent,
    /// Why it offers no seats (reden): required then, and only then.
    pub reason_code: Option<NotOfferingReason>,
    /// First day on which it holds (ingangsdatum), not in the future; today unless given.
    pub effective_from: Option<Day>,
}

/// Which intents of one host to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OwnIntentFilter {
    /// Only those that hold on this day (peildatum).
    #[param(inline)]
    pub as_of: Option<Day>,
    /// As the records stood at this moment.
    pub known_at: Option<DateTime<Utc>>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

/// Which intents to list, of every host in sight.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HostingIntentFilter {
    /// Only for this school year.
    #[param(inline)]
    pub school_year: Option<SchoolYear>,
    /// Only of hosts that are members of this region on the day of `asOf`, else today.
    pub region_id: Option<RegionId>,
    /// Only of this host.
    pub organisation_id: Option<OrganisationId>,
    /// Only with this intent.
    #[param(inline)]
    pub intent: Option<Intent>,
    /// Only those that hold on this day (peildatum); at most one per host and school year.
    #[param(inline)]
    pub as_of: Option<Day>,
    /// As the records stood at this moment.
    pub known_at: Option<DateTime<Utc>>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl HostingIntentFilter {
    /// From where the facts are looked at.
    pub(super) fn view(&self) -> View {
        View { as_of: self.as_of.map(NaiveDate::from), known_at: self.known_at }
    }
}

impl Filter for HostingIntentFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

impl Filter for OwnIntentFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

impl OwnIntentFilter {
    /// The same question among the intents of every host.
    pub(super) fn of(&self, organisation_id: OrganisationId) -> HostingIntentFilter {
        HostingIntentFilter {
            school_year: None,
            region_id: None,
            organisation_id: Some(organisation_id),
            intent: None,
            as_of: self.as_of,
            known_at: self.known_at,
            limit: None,
            cursor: None,
        }
    }
}

/// What stands now about a host and a school year, as rules judge it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = hosting_intents)]
pub(super) struct Standing {
    pub(super) row_id: Uuid,
    pub(super) id: HostingIntentId,
    pub(super) version: i32,
    pub(super) intent: Intent,
    pub(super) reason_code: Option<NotOfferingReason>,
    pub(super) effective_from: NaiveDate,
    pub(super) effective_to: Option<NaiveDate>,
}

/// A version to record; who records it is filled in by the database.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = hosting_intents, treat_none_as_default_value = false)]
pub(super) struct NewIntent {
    pub(super) row_id: Uuid,
    pub(super) id: HostingIntentId,
    pub(super) version: i32,
    pub(super) organisation_id: OrganisationId,
    pub(super) school_year: SchoolYear,
    pub(super) intent: Intent,
    pub(super) reason_code: Option<NotOfferingReason>,
    pub(super) effective_from: NaiveDate,
    pub(super) effective_to: Option<NaiveDate>,
}
