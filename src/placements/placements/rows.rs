//! A placement's rows: what is inserted, what a change sets, what rules look at.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::lifecycle::PlacementStatus;
use super::model::EmployerKind;
use crate::kernel::field::LearningPath;
use crate::kernel::ids::{
    MentorId, OrganisationId, PlacementId, PlacementOfferId, PlacementRequestId, ProgrammeId, QualificationId,
    RegionId, StudentId,
};
use crate::kernel::text::Line;
use crate::placements::offers::PlacementOfferStatus;
use crate::schema::{placement_offers, placements};

/// The row of a new placement; its mentor is that of the offer, which a trigger sets.
#[derive(Debug, Insertable)]
#[diesel(table_name = placements, treat_none_as_default_value = false)]
pub(super) struct NewPlacement {
    pub(super) id: PlacementId,
    pub(super) region_id: RegionId,
    pub(super) school_id: OrganisationId,
    pub(super) practice_id: OrganisationId,
    pub(super) student_id: StudentId,
    pub(super) offer_id: PlacementOfferId,
    pub(super) request_id: Option<PlacementRequestId>,
    pub(super) programme_id: ProgrammeId,
    pub(super) qualification_id: QualificationId,
    pub(super) learning_path: LearningPath,
    pub(super) school_supervisor: Option<Line<200>>,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: NaiveDate,
    pub(super) hours_per_week: Option<i16>,
    pub(super) total_hours: Option<i32>,
}

/// What rules need to know of a placement that is about to change or move.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = placements)]
pub struct Standing {
    /// Identifies the placement.
    pub id: PlacementId,
    /// Its region.
    pub region_id: RegionId,
    /// School of the student.
    pub school_id: OrganisationId,
    /// Its host.
    pub practice_id: OrganisationId,
    /// The student.
    pub student_id: StudentId,
    /// The offer whose seat it is.
    pub offer_id: PlacementOfferId,
    /// Qualification of the student's programme.
    pub qualification_id: QualificationId,
    /// Learning path.
    pub learning_path: LearningPath,
    /// Who guides the intern at the host.
    pub mentor_id: Option<MentorId>,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day as planned.
    pub ends_on: NaiveDate,
    /// Hours in a week.
    pub hours_per_week: Option<i16>,
    /// Hours of the whole placement.
    pub total_hours: Option<i32>,
    /// Who employs the student.
    pub employer_kind: Option<EmployerKind>,
    /// State.
    pub status: PlacementStatus,
    /// Version.
    pub version: i32,
}

/// The terms of a placement after a change, all of them.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = placements, treat_none_as_null = true)]
pub struct Terms {
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day as planned.
    pub ends_on: NaiveDate,
    /// Hours in a week.
    pub hours_per_week: Option<i16>,
    /// Hours of the whole placement.
    pub total_hours: Option<i32>,
}

/// Who employs the student after a change.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = placements, treat_none_as_null = true)]
pub(super) struct Employment {
    pub(super) employer_kind: Option<EmployerKind>,
    pub(super) employer_id: Option<OrganisationId>,
    pub(super) employed_from: Option<NaiveDate>,
    pub(super) employed_until: Option<NaiveDate>,
}

/// The offer that a placement is proposed on.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = placement_offers)]
pub(super) struct Offered {
    pub(super) practice_id: OrganisationId,
    pub(super) region_id: RegionId,
    pub(super) qualification_id: QualificationId,
    pub(super) learning_paths: Vec<LearningPath>,
    pub(super) study_years: Vec<i16>,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: NaiveDate,
    pub(super) hours_per_week: Option<i16>,
    pub(super) reserved_school_ids: Vec<OrganisationId>,
    pub(super) status: PlacementOfferStatus,
}

/// The student that a placement is for.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) school_id: OrganisationId,
    pub(super) programme_id: ProgrammeId,
    pub(super) qualification_id: QualificationId,
    pub(super) study_year: Option<i16>,
    pub(super) learning_path: Option<LearningPath>,
    pub(super) active: bool,
}
