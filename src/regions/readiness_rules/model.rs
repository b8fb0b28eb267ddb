//! What a readiness rule is, on the wire and in its table.

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
use crate::kernel::field::Profession;
use crate::kernel::ids::{ReadinessRuleId, RegionId};
use crate::kernel::named::Named;
use crate::schema::readiness_rules;

crate::code_lists! {
    /// What a placement can need before it starts.
    Requirement "readiness-requirement" {
        MentorCertificate "mentor-certificate" "Gecertificeerde praktijkbegeleider" "A mentor with a valid certificate";
        CertificateOfConduct "certificate-of-conduct" "Verklaring omtrent het gedrag (VOG)" "Certificate of conduct (VOG)";
        DutyToVerify "duty-to-verify" "Vergewisplicht nagekomen" "The host has met its duty to verify (vergewisplicht)";
        HepatitisBStatement "hepatitis-b-statement" "Verklaring hepatitis B" "Statement on hepatitis B";
        ConfidentialityStatement "confidentiality-statement" "Geheimhoudingsverklaring" "Confidentiality statement";
    }

    /// What follows when a requirement is not met.
    Severity "readiness-severity" {
        Blocks "blocks" "Houdt de start tegen" "Blocks the start";
        Warns "warns" "Waarschuwt" "Warns only";
    }
}

crate::fact_pages! {
    ReadinessRulePage of ReadinessRule;
}

/// A readiness rule (startvoorwaarde) of a region: what a placement needs before it starts.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReadinessRule {
    /// Identifies the rule; the same in every version.
    pub id: ReadinessRuleId,
    /// The region that sets it.
    pub region: Named,
    /// What is needed.
    pub requirement: Requirement,
    /// What follows when it is not met.
    pub severity: Severity,
    /// The profession it is for; null for all.
    pub profession: Option<Profession>,
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

impl Resource for ReadinessRule {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/regions/{}/readiness-rules/{}", self.region.id, self.id)
    }
}

/// A readiness rule to set.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateReadinessRule {
    /// What is needed.
    pub requirement: Requirement,
    /// What follows when it is not met.
    pub severity: Severity,
    /// The profession it is for; absent for all.
    pub profession: Option<Profession>,
    /// First day on which it holds; may lie ahead.
    pub effective_from: Day,
    /// First day on which it no longer holds; may lie ahead.
    pub effective_to: Option<Day>,
}

/// A correction of a rule, or its end: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchReadinessRule {
    /// What follows when it is not met.
    #[serde(default)]
    pub severity: Change<Severity>,
    /// First day on which it holds; may lie ahead.
    #[serde(default)]
    pub effective_from: Change<Day>,
    /// First day on which it no longer holds: ends the rule.
    #[serde(default)]
    pub effective_to: Patch<Day>,
    /// True when it never held: the rule is gone, and other properties are not looked at.
    #[serde(default)]
    pub withdrawn: bool,
}

/// Which readiness rules to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReadinessRuleFilter {
    /// Only those that hold on this day (peildatum).
    #[param(inline)]
    pub as_of: Option<Day>,
    /// As the records stood at this moment; as they stand now when absent.
    pub known_at: Option<DateTime<Utc>>,
    /// Only about this requirement.
    #[param(inline)]
    pub requirement: Option<Requirement>,
    /// Only those that apply to this profession, those for all among them.
    #[param(inline)]
    pub profession: Option<Profession>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl ReadinessRuleFilter {
    /// The point from which the facts are looked at.
    pub(super) fn view(&self) -> View {
        View { as_of: self.as_of.map(NaiveDate::from), known_at: self.known_at }
    }
}

impl Filter for ReadinessRuleFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a version.
#[derive(Debug, Insertable)]
#[diesel(table_name = readiness_rules, treat_none_as_default_value = false)]
pub(super) struct NewReadinessRule {
    pub(super) row_id: Uuid,
    pub(super) id: ReadinessRuleId,
    pub(super) version: i32,
    pub(super) region_id: RegionId,
    pub(super) requirement: Requirement,
    pub(super) severity: Severity,
    pub(super) profession: Option<Profession>,
    pub(super) effective_from: NaiveDate,
    pub(super) effective_to: Option<NaiveDate>,
}

impl CreateReadinessRule {
    /// The first version of this rule.
    pub(super) fn into_row(self, region_id: RegionId, period: Period) -> NewReadinessRule {
        NewReadinessRule {
            row_id: Uuid::now_v7(),
            id: ReadinessRuleId::new(),
            version: 1,
            region_id,
            requirement: self.requirement,
            severity: self.severity,
            profession: self.profession,
            effective_from: period.from,
            effective_to: period.to,
        }
    }
}

/// The standing version of a rule that is about to be corrected.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = readiness_rules)]
pub(super) struct Standing {
    pub(super) row_id: Uuid,
    pub(super) id: ReadinessRuleId,
    pub(super) version: i32,
    pub(super) region_id: RegionId,
    pub(super) requirement: Requirement,
    pub(super) severity: Severity,
    pub(super) profession: Option<Profession>,
    pub(super) effective_from: NaiveDate,
    pub(super) effective_to: Option<NaiveDate>,
}

impl PatchReadinessRule {
    /// The version after `standing`.
    pub(super) fn into_row(self, standing: &Standing, period: Period) -> NewReadinessRule {
        NewReadinessRule {
            row_id: Uuid::now_v7(),
            id: standing.id,
            version: standing.version + 1,
            region_id: standing.region_id,
            requirement: standing.requirement,
            severity: self.severity.into_change().unwrap_or(standing.severity),
            profession: standing.profession,
            effective_from: period.from,
            effective_to: period.to,
        }
    }
}
