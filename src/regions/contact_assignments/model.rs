//! What a contact assignment is, on the wire and in its table.

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
use crate::kernel::formats::{Email, Phone};
use crate::kernel::ids::{ContactAssignmentId, OrganisationId, RegionId, StudentId};
use crate::kernel::named::Named;
use crate::kernel::text::Line;
use crate::schema::contact_assignments;

crate::fact_pages! {
    ContactAssignmentPage of ContactAssignment;
}

/// The fixed contact person (vaste contactpersoon) at the bureau for one practice, school or student: a
/// dated fact. Shown to that organisation, or the student's school, and to the bureau only.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContactAssignment {
    /// Identifies the assignment; the same in every version.
    pub id: ContactAssignmentId,
    /// The region whose bureau it is.
    pub region: Named,
    /// The practice or school that the person is there for; of a student, the school.
    pub organisation: Named,
    /// The student (student) that the person is there for; null when it is the organisation itself.
    pub student_id: Option<StudentId>,
    /// Name of the person at the bureau.
    #[schema(max_length = 200)]
    pub contact_name: String,
    /// E-mail address at the bureau.
    #[schema(max_length = 254)]
    pub contact_email: Option<String>,
    /// Telephone number at the bureau.
    #[schema(max_length = 32)]
    pub contact_phone: Option<String>,
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

impl Resource for ContactAssignment {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/regions/{}/contact-assignments/{}", self.region.id, self.id)
    }
}

/// A contact person to assign, to an organisation or to a student.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "organisationId": "01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11", "contactName": "Demo Contactpersoon Eén",
    "contactEmail": "contactpersoon-een@example.org", "effectiveFrom": "2018-09-01",
}))]
pub struct CreateContactAssignment {
    /// The practice or school that the person is there for. Either this or `studentId`.
    pub organisation_id: Option<OrganisationId>,
    /// The student (student) that the person is there for: one whose request to the bureau is open or whom it
    /// placed. Either this or `organisationId`.
    pub student_id: Option<StudentId>,
    /// Name of the person at the bureau.
    pub contact_name: Line<200>,
    /// E-mail address at the bureau, not a private one.
    pub contact_email: Option<Email>,
    /// Telephone number at the bureau, not a private one.
    pub contact_phone: Option<Phone>,
    /// First day on which it holds; may lie ahead.
    pub effective_from: Day,
    /// First day on which it no longer holds; may lie ahead.
    pub effective_to: Option<Day>,
}

/// A correction of an assignment, or its end: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchContactAssignment {
    /// Name of the person at the bureau.
    #[serde(default)]
    pub contact_name: Change<Line<200>>,
    /// E-mail address at the bureau.
    #[serde(default)]
    pub contact_email: Patch<Email>,
    /// Telephone number at the bureau.
    #[serde(default)]
    pub contact_phone: Patch<Phone>,
    /// First day on which it holds; may lie ahead.
    #[serde(default)]
    pub effective_from: Change<Day>,
    /// First day on which it no longer holds: ends the assignment.
    #[serde(default)]
    pub effective_to: Patch<Day>,
    /// True when it never held: the assignment is gone, and other properties are not looked at.
    #[serde(default)]
    pub withdrawn: bool,
}

/// Which contact assignments to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ContactAssignmentFilter {
    /// Only those that hold on this day (peildatum).
    #[param(inline)]
    pub as_of: Option<Day>,
    /// As the records stood at this moment; as they stand now when absent.
    pub known_at: Option<DateTime<Utc>>,
    /// Only of this organisation itself, not of its students.
    pub organisation_id: Option<OrganisationId>,
    /// Only of this student.
    pub student_id: Option<StudentId>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl ContactAssignmentFilter {
    /// The point from which the facts are looked at.
    pub(super) fn view(&self) -> View {
        View { as_of: self.as_of.map(NaiveDate::from), known_at: self.known_at }
    }
}

impl Filter for ContactAssignmentFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The row of a version.
#[derive(Debug, Insertable)]
#[diesel(table_name = contact_assignments, treat_none_as_default_value = false)]
pub(super) struct NewContactAssignment {
    pub(super) row_id: Uuid,
    pub(super) id: ContactAssignmentId,
    pub(super) version: i32,
    pub(super) region_id: RegionId,
    pub(super) organisation_id: OrganisationId,
    pub(super) student_id: Option<StudentId>,
    pub(super) contact_name: Line<200>,
    pub(super) contact_email: Option<Email>,
    pub(super) contact_phone: Option<Phone>,
    pub(super) effective_from: NaiveDate,
    pub(super) effective_to: Option<NaiveDate>,
}

impl CreateContactAssignment {
    /// The first version of this assignment; of a student, `organisation_id` is the school.
    pub(super) fn into_row(
        self,
        region_id: RegionId,
        organisation_id: OrganisationId,
        period: Period,
    ) -> NewContactAssignment {
        NewContactAssignment {
            row_id: Uuid::now_v7(),
            id: ContactAssignmentId::new(),
            version: 1,
            region_id,
            organisation_id,
            student_id: self.student_id,
            contact_name: self.contact_name,
            contact_email: self.contact_email,
            contact_phone: self.contact_phone,
            effective_from: period.from,
            effective_to: period.to,
        }
    }
}

/// The standing version of an assignment that is about to be corrected.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = contact_assignments)]
pub(super) struct Standing {
    pub(super) row_id: Uuid,
    pub(super) id: ContactAssignmentId,
    pub(super) version: i32,
    pub(super) region_id: RegionId,
    pub(super) organisation_id: OrganisationId,
    pub(super) student_id: Option<StudentId>,
    pub(super) contact_name: Line<200>,
    pub(super) contact_email: Option<Email>,
    pub(super) contact_phone: Option<Phone>,
    pub(super) effective_from: NaiveDate,
    pub(super) effective_to: Option<NaiveDate>,
}

impl PatchContactAssignment {
    /// The version after `standing`.
    pub(super) fn into_row(self, standing: Standing, period: Period) -> NewContactAssignment {
        NewContactAssignment {
            row_id: Uuid::now_v7(),
            id: standing.id,
            version: standing.version + 1,
            region_id: standing.region_id,
            organisation_id: standing.organisation_id,
            student_id: standing.student_id,
            contact_name: self.contact_name.into_change().unwrap_or(standing.contact_name),
            contact_email: self.contact_email.into_change().unwrap_or(standing.contact_email),
            contact_phone: self.contact_phone.into_change().unwrap_or(standing.contact_phone),
            effective_from: period.from,
            effective_to: period.to,
        }
    }
}
