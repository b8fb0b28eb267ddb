//! What a membership is, on the wire and in its table.

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
use crate::kernel::ids::{MembershipId, OrganisationId, RegionId};
use crate::kernel::named::Named;
use crate::schema::memberships;

crate::code_lists! {
    /// As what an organisation hosts interns.
    HostKind "host-kind" {
        Practice "practice" "Huisartsenpraktijk" "GP practice";
        HealthCentre "health-centre" "Gezondheidscentrum" "Health centre";
        OutOfHoursPost "out-of-hours-post" "Huisartsenpost" "Out-of-hours post";
    }
}

crate::fact_pages! {
    MembershipPage of Membership;
}

/// A membership (lidmaatschap) of an organisation in a region: a dated fact.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Membership {
    /// Identifies the membership; the same in every version.
    pub id: MembershipId,
    /// The region.
    pub region: Named,
    /// The organisation that belongs to it.
    pub organisation: Named,
    /// As what it hosts interns; null when it is no host.
    pub host_kind: Option<HostKind>,
    /// First day on which it holds (ingangsdatum).
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

impl Resource for Membership {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/regions/{}/memberships/{}", self.region.id, self.id)
    }
}

/// A membership to record.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateMembership {
    /// The organisation that belongs to the region.
    pub organisation_id: OrganisationId,
    /// As what it hosts interns; absent when it is no host.
    pub host_kind: Option<HostKind>,
    /// First day on which it holds; not ahead of today.
    pub effective_from: Day,
    /// First day on which it no longer holds; not ahead of today.
    pub effective_to: Option<Day>,
}

/// A correction of a membership, or its end: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchMembership {
    /// As what the organisation hosts interns.
    #[serde(default)]
    pub host_kind: Patch<HostKind>,
    /// First day on which it holds; not ahead of today.
    #[serde(default)]
    pub effective_from: Change<Day>,
    /// First day on which it no longer holds: ends the membership; not ahead of today.
    #[serde(default)]
    pub effective_to: Patch<Day>,
    /// True when it never held: the membership is gone, and other properties are not looked at.
    #[serde(default)]
    pub withdrawn: bool,
}

/// Which memberships to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MembershipFilter {
    /// Only those that hold on this day (peildatum).
    #[param(inline)]
    pub as_of: Option<Day>,
    /// As the records stood at this moment; as they stand now when absent.
    pub known_at: Option<DateTime<Utc>>,
    /// Only of this organisation.
    pub organisation_id: Option<OrganisationId>,
    /// Only hosts of this kind.
    #[param(inline)]
    pub host_kind: Option<HostKind>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl MembershipFilter {
    /// The point from which the facts are looked at.
    pub(super) fn view(&self) -> View {
        View { as_of: self.as_of.map(NaiveDate::from), known_at: self.known_at }
    }
}

impl Filter for MembershipFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a version.
#[derive(Debug, Insertable)]
#[diesel(table_name = memberships, treat_none_as_default_value = false)]
pub(super) struct NewMembership {
    pub(super) row_id: Uuid,
    pub(super) id: MembershipId,
    pub(super) version: i32,
    pub(super) region_id: RegionId,
    pub(super) organisation_id: OrganisationId,
    pub(super) host_kind: Option<HostKind>,
    pub(super) effective_from: NaiveDate,
    pub(super) effective_to: Option<NaiveDate>,
}

impl CreateMembership {
    /// The first version of this membership.
    pub(super) fn into_row(self, region_id: RegionId, period: Period) -> NewMembership {
        NewMembership {
            row_id: Uuid::now_v7(),
            id: MembershipId::new(),
            version: 1,
            region_id,
            organisation_id: self.organisation_id,
            host_kind: self.host_kind,
            effective_from: period.from,
            effective_to: period.to,
        }
    }
}

/// The standing version of a membership that is about to be corrected.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = memberships)]
pub(super) struct Standing {
    pub(super) row_id: Uuid,
    pub(super) id: MembershipId,
    pub(super) version: i32,
    pub(super) region_id: RegionId,
    pub(super) organisation_id: OrganisationId,
    pub(super) host_kind: Option<HostKind>,
    pub(super) effective_from: NaiveDate,
    pub(super) effective_to: Option<NaiveDate>,
}

impl PatchMembership {
    /// The version after `standing`.
    pub(super) fn into_row(self, standing: &Standing, period: Period) -> NewMembership {
        NewMembership {
            row_id: Uuid::now_v7(),
            id: standing.id,
            version: standing.version + 1,
            region_id: standing.region_id,
            organisation_id: standing.organisation_id,
            host_kind: self.host_kind.into_change().unwrap_or(standing.host_kind),
            effective_from: period.from,
            effective_to: period.to,
        }
    }
}
