//! A placement as its parts look at it: whether it is there, whose it is, and what state it is in.

use diesel::prelude::*;

use super::lifecycle::PlacementStatus;
use crate::db::{Conn, SecondLook as _};
use crate::error::{Result, Rule};
use crate::kernel::ids::{OrganisationId, PlacementId, RegionId};
use crate::schema::placements;

/// 409: what has not begun to exist, or came to nothing, is not worked on.
pub const NOT_UNDER_WAY: Rule = Rule {
    code: "placement-not-under-way",
    nl: "Deze plaatsing is nog niet bevestigd of al geannuleerd of afgewezen.",
    en: "This placement is not confirmed yet, or was cancelled or declined.",
};

/// The tenants of a placement, which every part of it carries too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartKey {
    /// The placement.
    pub placement_id: PlacementId,
    /// Its region.
    pub region_id: RegionId,
    /// School of the student.
    pub school_id: OrganisationId,
    /// Its host.
    pub practice_id: OrganisationId,
}

/// The placement that a part belongs to, locked for the rest of the transaction.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = placements)]
pub struct Parent {
    id: PlacementId,
    region_id: RegionId,
    school_id: OrganisationId,
    practice_id: OrganisationId,
    status: PlacementStatus,
}

impl Parent {
    /// What a part of it carries.
    #[must_use]
    pub const fn key(&self) -> PartKey {
        PartKey {
            placement_id: self.id,
            region_id: self.region_id,
            school_id: self.school_id,
            practice_id: self.practice_id,
        }
    }

    /// Where it stands.
    #[must_use]
    pub const fn status(&self) -> PlacementStatus {
        self.status
    }

    /// Demands that the host said yes and that it did not come to nothing; it may have ended.
    ///
    /// # Errors
    /// 409 `placement-not-under-way`.
    pub fn require_under_way(&self) -> Result<()> {
        use PlacementStatus::{Cancelled, Declined, Introduced, Proposed, Reserved};
        if matches!(self.status, Proposed | Reserved | Introduced | Declined | Cancelled) {
            return Err(NOT_UNDER_WAY.conflict());
        }
        Ok(())
    }
}

/// The placement, locked, for a new part or a change to one.
///
/// # Errors
/// 404 when the caller cannot see it.
pub fn find_parent(conn: &mut Conn, id: PlacementId) -> Result<Parent> {
    placements::table.find(id).select(Parent::as_select()).for_no_key_update().first(conn).or_second_look(
        conn,
        "placements",
        id,
    )
}

/// Demands that the caller can see the placement, for a list of its parts.
///
/// # Errors
/// 404 when it cannot.
pub fn require_visible(conn: &mut Conn, id: PlacementId) -> Result<()> {
    placements::table.find(id).select(placements::id).first::<PlacementId>(conn)?;
    Ok(())
}
