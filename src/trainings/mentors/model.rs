//! What a mentor is, on the wire.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::bsn::{no_bsn_in, no_bsn_in_change, no_bsn_in_patch};
use crate::http::page::Filter;
use crate::http::patch::{Change, Patch};
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::field::Profession;
use crate::kernel::formats::{Email, Phone};
use crate::kernel::ids::{MentorId, OrganisationId};
use crate::kernel::named::Named;
use crate::kernel::text::Line;

crate::pages! {
    MentorPage of Mentor;
}

/// A mentor (praktijkbegeleider): a person at a practice who guides interns. Names are null once
/// the person was erased.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Mentor {
    /// Identifies the mentor.
    pub id: MentorId,
    /// The practice that the mentor works at.
    pub practice: Named,
    /// First name by which the mentor is called (roepnaam).
    #[schema(max_length = 100)]
    pub given_name: Option<String>,
    /// Prefix of the family name (tussenvoegsel).
    #[schema(max_length = 50)]
    pub prefix: Option<String>,
    /// Family name (achternaam), without prefix.
    #[schema(max_length = 100)]
    pub family_name: Option<String>,
    /// E-mail address at the practice.
    #[schema(max_length = 254)]
    pub work_email: Option<String>,
    /// Telephone number at the practice.
    #[schema(max_length = 32)]
    pub work_phone: Option<String>,
    /// Profession of the mentor (beroep).
    pub profession: Profession,
    /// Professions for which the mentor may guide interns.
    #[schema(min_items = 1, max_items = 4)]
    pub guides: Vec<Profession>,
    /// Whether the mentor holds a certificate that is valid today.
    pub certified: bool,
    /// False once the mentor guides nobody there any more.
    pub active: bool,
    /// Counts changes of the mentor and of its names, not of its certificates.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When the mentor was entered.
    pub created_at: DateTime<Utc>,
    /// When the mentor last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for Mentor {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/mentors/{}", self.id)
    }
}

/// A new mentor.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateMentor {
    /// The practice that the mentor works at, for ever: whoever goes to another one is another mentor.
    pub practice_id: OrganisationId,
    /// First name by which the mentor is called (roepnaam).
    #[validate(custom(function = "no_bsn_in"))]
    pub given_name: Line<100>,
    /// Prefix of the family name (tussenvoegsel).
    #[validate(custom(function = "no_bsn_in"))]
    pub prefix: Option<Line<50>>,
    /// Family name (achternaam), without prefix.
    #[validate(custom(function = "no_bsn_in"))]
    pub family_name: Line<100>,
    /// E-mail address at the practice, not a private one.
    #[validate(custom(function = "no_bsn_in"))]
    pub work_email: Option<Email>,
    /// Telephone number at the practice, not a private one.
    pub work_phone: Option<Phone>,
    /// Profession of the mentor (beroep).
    pub profession: Profession,
    /// Professions for which the mentor may guide interns, each once; the mentor's own unless given.
    #[validate(length(min = 1, max = 4))]
    #[schema(min_items = 1, max_items = 4)]
    pub guides: Option<Vec<Profession>>,
}

/// Changes to a mentor: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchMentor {
    /// First name by which the mentor is called (roepnaam).
    #[serde(default)]
    #[validate(custom(function = "no_bsn_in_change"))]
    pub given_name: Change<Line<100>>,
    /// Prefix of the family name (tussenvoegsel).
    #[serde(default)]
    #[validate(custom(function = "no_bsn_in_patch"))]
    pub prefix: Patch<Line<50>>,
    /// Family name (achternaam), without prefix.
    #[serde(default)]
    #[validate(custom(function = "no_bsn_in_change"))]
    pub family_name: Change<Line<100>>,
    /// E-mail address at the practice, not a private one.
    #[serde(default)]
    #[validate(custom(function = "no_bsn_in_patch"))]
    pub work_email: Patch<Email>,
    /// Telephone number at the practice, not a private one.
    #[serde(default)]
    pub work_phone: Patch<Phone>,
    /// Profession of the mentor (beroep).
    #[serde(default)]
    pub profession: Change<Profession>,
    /// Professions for which the mentor may guide interns: the whole list, each once.
    #[serde(default)]
    #[validate(length(min = 1, max = 4))]
    #[schema(min_items = 1, max_items = 4)]
    pub guides: Change<Vec<Profession>>,
    /// False once the mentor guides nobody there any more.
    #[serde(default)]
    pub active: Change<bool>,
}

/// Which mentors to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MentorFilter {
    /// Only at this practice.
    pub practice_id: Option<OrganisationId>,
    /// Only those who may guide interns for this profession.
    #[param(inline)]
    pub guides: Option<Profession>,
    /// Only those who guide interns, or only those who do so no more.
    pub active: Option<bool>,
    /// Only those who hold a certificate that is valid on this day.
    #[param(inline)]
    pub has_valid_certificate_on: Option<Day>,
    /// Only those who hold no certificate that is valid on this day.
    #[param(inline)]
    pub without_valid_certificate_on: Option<Day>,
    /// Only those who hold a valid certificate today, and none that is still valid on this day.
    #[param(inline)]
    pub expiring_before: Option<Day>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for MentorFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}
