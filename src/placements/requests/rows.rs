//! A placement request's rows: what is inserted, what a change sets, what rules look at.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::model::{PlacementRequestStatus, RequestPriority, TellWish};
use crate::kernel::ids::{OrganisationId, PlacementRequestId, ProgrammeId, QualificationId, RegionId, StudentId};
use crate::kernel::text::Line;
use crate::schema::{placement_request_wishes, placement_requests};

/// The row of a new request; since when it waits is filled in by the database.
#[derive(Debug, Insertable)]
#[diesel(table_name = placement_requests)]
pub(super) struct NewRequest {
    pub(super) id: PlacementRequestId,
    pub(super) school_id: OrganisationId,
    pub(super) student_id: StudentId,
    pub(super) region_id: RegionId,
    pub(super) programme_id: ProgrammeId,
    pub(super) qualification_id: QualificationId,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: NaiveDate,
}

/// The row of a wish.
#[derive(Debug, Insertable)]
#[diesel(table_name = placement_request_wishes, treat_none_as_default_value = false)]
pub(super) struct NewWish {
    pub(super) request_id: PlacementRequestId,
    pub(super) school_id: OrganisationId,
    pub(super) region_id: RegionId,
    pub(super) rank: i16,
    pub(super) practice_id: Option<OrganisationId>,
    pub(super) text: Option<Line<200>>,
}

/// What rules need to know of a request that is about to change.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = placement_requests)]
pub(super) struct Standing {
    pub(super) school_id: OrganisationId,
    pub(super) region_id: RegionId,
    pub(super) status: PlacementRequestStatus,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: NaiveDate,
    pub(super) priority: Option<RequestPriority>,
    pub(super) since: DateTime<Utc>,
    pub(super) since_reason: Option<Line<500>>,
    pub(super) version: i32,
    pub(super) created_at: DateTime<Utc>,
}

/// The place of a request on the waiting list.
#[derive(Debug, Clone, PartialEq, Eq, AsChangeset)]
#[diesel(table_name = placement_requests, treat_none_as_null = true)]
pub(super) struct Rank {
    pub(super) priority: Option<RequestPriority>,
    pub(super) since: DateTime<Utc>,
    pub(super) since_reason: Option<Line<500>>,
}

/// The student that a request is for, as the request remembers it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) school_id: OrganisationId,
    pub(super) programme_id: ProgrammeId,
    pub(super) qualification_id: QualificationId,
    pub(super) active: bool,
}

/// The rows of a list of wishes.
pub(super) fn wish_rows(
    id: PlacementRequestId,
    school: OrganisationId,
    region: RegionId,
    wishes: Vec<TellWish>,
) -> Vec<NewWish> {
    let wish = |(rank, wish): (i16, TellWish)| NewWish {
        request_id: id,
        school_id: school,
        region_id: region,
        rank,
        practice_id: wish.practice_id,
        text: wish.text,
    };
    (1..).zip(wishes).map(wish).collect()
}
