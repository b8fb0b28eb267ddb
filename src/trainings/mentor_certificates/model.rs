//! What a certificate of a mentor is, on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::page::Filter;
use crate::http::patch::{Change, Patch};
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::fact::View;
use crate::kernel::field::Profession;
use crate::kernel::ids::{MentorCertificateId, MentorId, OrganisationId};
use crate::kernel::named::Named;
use crate::kernel::text::Line;

crate::code_lists! {
    /// Why a certificate was revoked.
    RevocationReason "certificate-revocation-reason" {
        ByIssuer "by-issuer" "Ingetrokken door wie het uitgaf" "Withdrawn by who issued it";
        RequirementsNotMet "requirements-not-met" "Voldoet niet meer aan de eisen" "No longer meets the requirements";
        NotGenuine "not-genuine" "Niet echt gebleken" "Found not to be genuine";
        Other "other" "Anders" "Other";
    }
}

crate::fact_pages! {
    MentorCertificatePage of MentorCertificate;
}

/// A certificate of a mentor (certificaat stagebegeleider): a dated fact. It holds from `issuedOn`
/// up to and including `validUntil`, or until it is revoked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MentorCertificate {
    /// Identifies the certificate; the same in every version.
    pub id: MentorCertificateId,
    /// The mentor who was trained.
    pub mentor_id: MentorId,
    /// The practice of the mentor.
    pub practice: Named,
    /// Who issued it: the provider of the training (opleider).
    #[schema(max_length = 200)]
    pub issuer: String,
    /// Number that the issuer gave it (certificaatnummer); null where it gives none.
    #[schema(max_length = 64)]
    pub number: Option<String>,
    /// Professions for which it lets the mentor guide interns; empty for all.
    #[schema(max_items = 4)]
    pub professions: Vec<Profession>,
    /// Day on which it was issued: the first on which it holds (afgiftedatum).
    pub issued_on: NaiveDate,
    /// Last day on which it is valid (geldig tot en met); null where it does not expire.
    pub valid_until: Option<NaiveDate>,
    /// Day from which it no longer holds because it was revoked (ingetrokken); null while it was not.
    pub revoked_on: Option<NaiveDate>,
    /// Why it was revoked; null while it was not.
    pub revocation_reason: Option<RevocationReason>,
    /// Who wrote this version down: the practice, or the bureau of its region.
    pub recorded_by: Named,
    /// Counts corrections, from 1.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When this version was recorded.
    pub recorded_at: DateTime<Utc>,
    /// When a correction took its place; null while it stands.
    pub superseded_at: Option<DateTime<Utc>>,
}

impl Resource for MentorCertificate {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/mentor-certificates/{}", self.id)
    }
}

/// A certificate to record.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateMentorCertificate {
    /// The mentor who was trained.
    pub mentor_id: MentorId,
    /// Who issued it: the provider of the training (opleider).
    pub issuer: Line<200>,
    /// Number that the issuer gave it (certificaatnummer).
    pub number: Option<Line<64>>,
    /// Professions for which it lets the mentor guide interns, each once; for all when absent or empty.
    #[serde(default)]
    #[validate(length(max = 4))]
    #[schema(max_items = 4)]
    pub professions: Vec<Profession>,
    /// Day on which it was issued (afgiftedatum), not in the future.
    pub issued_on: Day,
    /// Last day on which it is valid (geldig tot en met); absent where it does not expire.
    pub valid_until: Option<Day>,
}

/// A correction of a certificate, or its revocation: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchMentorCertificate {
    /// Who issued it: the provider of the training (opleider).
    #[serde(default)]
    pub issuer: Change<Line<200>>,
    /// Number that the issuer gave it (certificaatnummer).
    #[serde(default)]
    pub number: Patch<Line<64>>,
    /// Professions for which it lets the mentor guide interns: the whole list, each once; empty for all.
    #[serde(default)]
    #[validate(length(max = 4))]
    #[schema(max_items = 4)]
    pub professions: Change<Vec<Profession>>,
    /// Day on which it was issued (afgiftedatum), not in the future.
    #[serde(default)]
    pub issued_on: Change<Day>,
    /// Last day on which it is valid (geldig tot en met).
    #[serde(default)]
    pub valid_until: Patch<Day>,
    /// Revokes it: the day from which it no longer holds, after `issuedOn` and not in the future.
    #[serde(default)]
    pub revoked_on: Patch<Day>,
    /// Why it was revoked: with `revokedOn`, and only then.
    #[serde(default)]
    pub revocation_reason: Patch<RevocationReason>,
    /// True when it never was: the certificate is gone, and other properties are not looked at.
    #[serde(default)]
    pub withdrawn: bool,
}

/// Which certificates to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MentorCertificateFilter {
    /// Only those that hold on this day (peildatum).
    #[param(inline)]
    pub as_of: Option<Day>,
    /// As the records stood at this moment; as they stand now when absent.
    pub known_at: Option<DateTime<Utc>>,
    /// Only of this mentor.
    pub mentor_id: Option<MentorId>,
    /// Only of mentors of this practice.
    pub practice_id: Option<OrganisationId>,
    /// Only those that hold today and no longer on this day: soon to be renewed.
    #[param(inline)]
    pub expiring_before: Option<Day>,
    /// Only those that were revoked, or only those that were not.
    pub revoked: Option<bool>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl MentorCertificateFilter {
    /// The point from which the facts are looked at.
    pub(super) fn view(&self) -> View {
        View { as_of: self.as_of.map(NaiveDate::from), known_at: self.known_at }
    }
}

impl Filter for MentorCertificateFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}
