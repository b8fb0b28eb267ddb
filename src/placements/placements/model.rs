//! What a placement is, on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::lifecycle::PlacementStatus;
use crate::http::bsn::{no_bsn_in, no_bsn_in_patch};
use crate::http::page::Filter;
use crate::http::patch::{Change, Patch};
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::field::LearningPath;
use crate::kernel::ids::{
    InitiativeId, MentorId, OrganisationId, PlacementId, PlacementOfferId, PlacementRequestId, RegionId, StudentId,
};
use crate::kernel::named::Named;
use crate::kernel::since::Since;
use crate::kernel::text::Line;

crate::code_lists! {
    /// Who employs a student in the work-based path (werkgever).
    EmployerKind "employer-kind" {
        Host "host" "De stagebieder" "The host";
        Bureau "bureau" "Het stagebureau" "The placement bureau";
        Pool "pool" "Een personeelspool" "A staffing pool";
    }
}

crate::feed_pages! {
    PlacementPage of Placement;
}

/// Who employs the student (werkgever), in the work-based path (BBL).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Employer {
    /// Host, bureau or pool.
    pub kind: EmployerKind,
    /// The organisation.
    pub organisation: Named,
    /// First day of the employment.
    pub from: NaiveDate,
    /// Last day of the employment; null while it is open.
    pub until: Option<NaiveDate>,
}

/// How a placement ended.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ending {
    /// The day.
    pub on: NaiveDate,
    /// Coded reason, where the end has one.
    #[schema(max_length = 64)]
    pub reason_code: Option<String>,
    /// Whether it counts as dropout (uitval): of those that ended early only.
    pub counts_as_dropout: bool,
}

/// Since when and until when the host may know who the student is (onthulling).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Disclosure {
    /// First day.
    pub from: NaiveDate,
    /// Last day: 30 days after the end, or after the day that is planned for it.
    pub until: NaiveDate,
}

/// A student in a seat (plaatsing). The student is an id here; the name is another operation's.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Placement {
    /// Identifies the placement.
    pub id: PlacementId,
    /// The student.
    pub student_id: StudentId,
    /// The school of the student.
    pub school: Named,
    /// The host (stagebieder).
    pub practice: Named,
    /// The region of the seat.
    pub region: Named,
    /// The offer (aanbod) whose seat it is.
    pub offer_id: PlacementOfferId,
    /// The request (aanvraag) that it answers.
    pub request_id: Option<PlacementRequestId>,
    /// The programme (opleiding) that the student follows.
    pub programme: Named,
    /// The qualification (kwalificatie) of that programme.
    pub qualification: Named,
    /// The learning path (leerweg) in this placement.
    pub learning_path: LearningPath,
    /// Who guides the intern at the host (praktijkbegeleider): whom the offer named, until the host says otherwise.
    /// Schools see who it is once the seat is reserved.
    pub mentor_id: Option<MentorId>,
    /// Who guides the intern for the school (stagebegeleider), as the school names that person.
    #[schema(max_length = 200)]
    pub school_supervisor: Option<String>,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day as planned.
    pub ends_on: NaiveDate,
    /// Hours in a week.
    #[schema(minimum = 1, maximum = 48)]
    pub hours_per_week: Option<i16>,
    /// Hours of the whole placement.
    #[schema(minimum = 1, maximum = 5000)]
    pub total_hours: Option<i32>,
    /// Who employs the student (werkgever); of the work-based path only.
    pub employer: Option<Employer>,
    /// The initiative that it counts for: its own, else that of its offer.
    pub initiative_id: Option<InitiativeId>,
    /// Where it stands.
    pub status: PlacementStatus,
    /// The states you may move it to now.
    #[schema(max_items = 12)]
    pub allowed_transitions: Vec<PlacementStatus>,
    /// Last day on which the seat is kept without being confirmed (reservering tot).
    pub expires_on: Option<NaiveDate>,
    /// Since when the host may know who the student is.
    pub disclosed: Option<Disclosure>,
    /// How it ended; null until it does.
    pub ended: Option<Ending>,
    /// Counts changes of the placement's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for Placement {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/placements/{}", self.id)
    }
}

/// Who is to employ the student, in the work-based path (BBL).
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TellEmployer {
    /// Host, bureau or pool.
    pub kind: EmployerKind,
    /// The organisation: the host of the placement, the bureau of its region, or the pool.
    pub organisation_id: OrganisationId,
    /// First day of the employment.
    pub from: Day,
    /// Last day of the employment; absent while it is open.
    pub until: Option<Day>,
}

/// A placement to propose.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreatePlacement {
    /// The student: one of your own, or as bureau one whose request is open.
    pub student_id: StudentId,
    /// The offer that has the seat.
    pub offer_id: PlacementOfferId,
    /// The request it answers; when absent, the open request of the student to the region for (some of) these
    /// days, if there is one. A bureau places on request only, and names it.
    pub request_id: Option<PlacementRequestId>,
    /// The learning path; the one the student follows when absent.
    pub learning_path: Option<LearningPath>,
    /// First day; that of the offer when absent.
    pub starts_on: Option<Day>,
    /// Last day; that of the offer when absent.
    pub ends_on: Option<Day>,
    /// Hours in a week; those of the offer when absent.
    #[validate(range(min = 1, max = 48))]
    #[schema(minimum = 1, maximum = 48)]
    pub hours_per_week: Option<i16>,
    /// Hours of the whole placement.
    #[validate(range(min = 1, max = 5000))]
    #[schema(minimum = 1, maximum = 5000)]
    pub total_hours: Option<i32>,
    /// Who guides the intern for the school.
    #[validate(custom(function = "no_bsn_in"))]
    pub school_supervisor: Option<Line<200>>,
    /// The day it was proposed; today when absent. Earlier for what happened before it was entered.
    pub effective_on: Option<Day>,
}

/// Changes to a placement by school or bureau: what is absent stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchPlacement {
    /// First day; until the agreement is being made.
    #[serde(default)]
    pub starts_on: Change<Day>,
    /// Last day; until the agreement is being made.
    #[serde(default)]
    pub ends_on: Change<Day>,
    /// Hours in a week; until the agreement is being made.
    #[serde(default)]
    #[validate(range(min = 1, max = 48))]
    #[schema(value_type = Option<i16>, minimum = 1, maximum = 48)]
    pub hours_per_week: Patch<i16>,
    /// Hours of the whole placement; until the agreement is being made.
    #[serde(default)]
    #[validate(range(min = 1, max = 5000))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 5000)]
    pub total_hours: Patch<i32>,
    /// Who guides the intern for the school.
    #[serde(default)]
    #[validate(custom(function = "no_bsn_in_patch"))]
    pub school_supervisor: Patch<Line<200>>,
    /// Who employs the student; of the work-based path only.
    #[serde(default)]
    #[schema(value_type = Option<TellEmployer>)]
    pub employer: Patch<TellEmployer>,
}

/// Who guides the intern at the host; null for nobody yet.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchGuidance {
    /// The mentor (praktijkbegeleider): one of the host, active, for the profession of the qualification.
    #[serde(default)]
    pub mentor_id: Patch<MentorId>,
}

/// Changes by the bureau: what is absent stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchReservation {
    /// Last day on which the seat is kept without being confirmed; today or later.
    #[serde(default)]
    pub expires_on: Change<Day>,
    /// The initiative that it counts for; null for that of the offer.
    #[serde(default)]
    pub initiative_id: Patch<InitiativeId>,
}

/// Which placements to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlacementFilter {
    /// Only in this region.
    pub region_id: Option<RegionId>,
    /// Only of this school.
    pub school_id: Option<OrganisationId>,
    /// Only at this host.
    pub practice_id: Option<OrganisationId>,
    /// Only of this student.
    pub student_id: Option<StudentId>,
    /// Only on this offer.
    pub offer_id: Option<PlacementOfferId>,
    /// Only what counts for this initiative.
    pub initiative_id: Option<InitiativeId>,
    /// Only in this state.
    #[param(inline)]
    pub status: Option<PlacementStatus>,
    /// Only those that last until this day or longer.
    pub period_from: Option<NaiveDate>,
    /// Only those that begin on this day or before.
    pub period_until: Option<NaiveDate>,
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

impl Filter for PlacementFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}
