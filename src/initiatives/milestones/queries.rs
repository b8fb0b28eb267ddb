//! Milestones in the database. Which of them a caller sees or changes is decided by the row
//! policies, not here.

use diesel::prelude::*;

use super::model::{Milestone, MilestoneChanges, MilestoneFilter, NewMilestone, Standing};
use crate::db::Conn;
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::ids::{InitiativeId, MilestoneId, RegionId};
use crate::kernel::text::Line;
use crate::schema::milestones;

/// Rows of one INSERT, which PostgreSQL gives 65,535 parameters.
const COPIED_AT_ONCE: usize = 1000;

pub(super) fn find(conn: &mut Conn, initiative: InitiativeId, id: MilestoneId) -> Result<Milestone> {
    Ok(milestones::table
        .find(id)
        .filter(milestones::initiative_id.eq(initiative))
        .select(Milestone::as_select())
        .first(conn)?)
}

pub(super) fn list(
    conn: &mut Conn,
    initiative: InitiativeId,
    filter: &MilestoneFilter,
    paging: &Paging<MilestoneId>,
) -> Result<Vec<Milestone>> {
    let mut query = milestones::table
        .filter(milestones::initiative_id.eq(initiative))
        .select(Milestone::as_select())
        .order(milestones::id)
        .limit(paging.fetch())
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(milestones::id.gt(after));
    }
    if let Some(reached) = filter.reached {
        query = query.filter(milestones::reached_on.is_not_null().eq(reached));
    }
    if let Some(day) = filter.due_before {
        query = query.filter(milestones::due_on.lt(day));
    }
    Ok(query.load(conn)?)
}

pub(super) fn find_for_update(conn: &mut Conn, initiative: InitiativeId, id: MilestoneId) -> Result<Standing> {
    Ok(milestones::table
        .find(id)
        .filter(milestones::initiative_id.eq(initiative))
        .select(Standing::as_select())
        .for_no_key_update()
        .first(conn)?)
}

pub(super) fn insert(conn: &mut Conn, new: &NewMilestone) -> Result<()> {
    diesel::insert_into(milestones::table).values(new).execute(conn)?;
    Ok(())
}

pub(super) fn update(conn: &mut Conn, id: MilestoneId, changes: &MilestoneChanges) -> Result<()> {
    diesel::update(milestones::table.find(id)).set(changes).execute(conn)?;
    Ok(())
}

pub(super) fn delete(conn: &mut Conn, id: MilestoneId) -> Result<()> {
    diesel::delete(milestones::table.find(id)).execute(conn)?;
    Ok(())
}

/// Copies what is to be reached to another initiative, without dates and evidence.
///
/// # Errors
/// 503 when it cannot be written.
pub fn copy_plan(conn: &mut Conn, from: InitiativeId, to: InitiativeId, region_id: RegionId) -> Result<()> {
    let titles: Vec<Line<200>> = milestones::table
        .filter(milestones::initiative_id.eq(from))
        .select(milestones::title)
        .order(milestones::id)
        .load(conn)?;
    let rows: Vec<NewMilestone> = titles
        .into_iter()
        .map(|title| NewMilestone {
            id: MilestoneId::new(),
            initiative_id: to,
            region_id,
            title,
            due_on: None,
            reached_on: None,
            evidence: None,
        })
        .collect();
    for some in rows.chunks(COPIED_AT_ONCE) {
        diesel::insert_into(milestones::table).values(some).execute(conn)?;
    }
    Ok(())
}
