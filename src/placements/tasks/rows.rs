//! The placements that tasks are worked out of, and where a page of tasks ends.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::model::{TaskAssignee, TaskKind};
use crate::kernel::ids::{MentorId, OrganisationId, PlacementId, PlacementOfferId, RegionId};
use crate::placements::placements::PlacementStatus;
use crate::placements::readiness::NeedCode;
use crate::schema::placements;

/// A placement that something may have to be done for.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = placements)]
pub(super) struct Row {
    pub(super) id: PlacementId,
    pub(super) region_id: RegionId,
    pub(super) school_id: OrganisationId,
    pub(super) practice_id: OrganisationId,
    pub(super) offer_id: PlacementOfferId,
    pub(super) mentor_id: Option<MentorId>,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: NaiveDate,
    pub(super) status: PlacementStatus,
    pub(super) expires_on: Option<NaiveDate>,
    pub(super) ended_on: Option<NaiveDate>,
}

/// The row and the names of region, school and host.
pub(super) type Joined = (Row, String, String, String);

/// What tells the tasks of one placement apart, in their order; no two have the same.
pub(super) type Mark = (TaskKind, TaskAssignee, Option<NeedCode>, i16);

/// Where a page of tasks ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// Whether among the placements that ended, which come after those that go on.
    pub(super) ended: bool,
    /// First day of a placement that goes on, last day of one that ended.
    pub(super) day: NaiveDate,
    pub(super) placement: PlacementId,
    /// The last task of the placement that was on the page; none when that was all of it.
    pub(super) mark: Option<Mark>,
}

impl Row {
    /// Where it stands among all, up to one of its tasks, or whole.
    pub(super) fn place(&self, mark: Option<Mark>) -> Place {
        Place { ended: self.ended_on.is_some(), day: self.ended_on.unwrap_or(self.starts_on), placement: self.id, mark }
    }
}
