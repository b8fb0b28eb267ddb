//! An initiative as its parts look at it: whether it is there, and whether it may be written.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use uuid::Uuid;

use super::model::InitiativeStatus;
use super::rules::ENDED;
use crate::db::{Conn, Prepare as _, SecondLook as _};
use crate::error::{Error, Result};
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::ids::{InitiativeId, RegionId};
use crate::schema::initiatives;

impl InitiativeStatus {
    /// Whether an initiative in this state is no longer changed, nor are its parts.
    pub(super) const fn has_ended(self) -> bool {
        matches!(self, Self::Evaluated | Self::Withdrawn | Self::Abandoned)
    }
}

/// The initiative that a part belongs to, locked for the rest of the transaction, so that its
/// parts change one at a time and never after its end.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = initiatives)]
pub struct Parent {
    /// The initiative.
    pub id: InitiativeId,
    /// Its region, which every part carries too.
    pub region_id: RegionId,
    status: InitiativeStatus,
}

impl Parent {
    /// Demands that the initiative has not ended.
    ///
    /// # Errors
    /// 409 `ended` once it is evaluated, withdrawn or abandoned.
    pub fn require_open(&self) -> Result<()> {
        if self.status.has_ended() { Err(ENDED.conflict()) } else { Ok(()) }
    }
}

/// A part as the second look needs it: its table (a literal of ours) and its id.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    table: &'static str,
    id: Uuid,
}

impl Part {
    /// Row `id` of `table`, which has a column `initiative_id`.
    pub fn new(table: &'static str, id: impl Into<Uuid>) -> Self {
        Self { table, id: id.into() }
    }
}

/// The initiative, locked, for a new part.
///
/// # Errors
/// 404 when the caller cannot see it, 403 when it may not write it.
pub fn find_writable(conn: &mut Conn, id: InitiativeId) -> Result<Parent> {
    initiatives::table.find(id).select(Parent::as_select()).for_no_key_update().first(conn).or_second_look(
        conn,
        "initiatives",
        id,
    )
}

/// The initiative, locked, for a change to one of its parts.
///
/// # Errors
/// 404 when the caller cannot see the initiative or that part of it, 403 when it may not write.
pub fn find_writable_of(conn: &mut Conn, id: InitiativeId, part: Part) -> Result<Parent> {
    match find_writable(conn, id) {
        Err(Error::Forbidden(rule)) => {
            let look =
                format!("SELECT EXISTS (SELECT FROM {} WHERE id = $1 AND initiative_id = $2) AS visible", part.table);
            let seen: Seen =
                sql_query(look).bind::<SqlUuid, _>(part.id).bind::<SqlUuid, _>(id).prepared().get_result(conn)?;
            Err(if seen.visible { Error::Forbidden(rule) } else { Error::NotFound })
        }
        found => found,
    }
}

#[derive(QueryableByName)]
struct Seen {
    #[diesel(sql_type = Bool)]
    visible: bool,
}

/// Demands that the caller can see the initiative, for a list of its parts.
///
/// # Errors
/// 404 when it cannot.
pub fn require_visible(conn: &mut Conn, id: InitiativeId) -> Result<()> {
    initiatives::table.find(id).select(initiatives::id).first::<InitiativeId>(conn)?;
    Ok(())
}

/// Demands that the initiative which a body names at `/initiativeId` is one that the caller can see:
/// a foreign key would also accept any other.
///
/// # Errors
/// 400 `unknown-reference`.
pub fn require_named(conn: &mut Conn, id: InitiativeId) -> Result<()> {
    require_visible(conn, id).map_err(|error| match error {
        Error::NotFound => UNKNOWN_REFERENCE.fault("/initiativeId").into(),
        other => other,
    })
}
