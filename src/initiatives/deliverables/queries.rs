//! Deliverables in the database. Which of them a caller sees or changes is decided by the row
//! policies, not here.

use diesel::prelude::*;

use super::model::{Deliverable, DeliverableChanges, DeliverableFilter, DeliverableKind, NewDeliverable, Standing};
use crate::db::Conn;
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::ids::{DeliverableId, InitiativeId, RegionId};
use crate::kernel::text::Line;
use crate::schema::deliverables;

/// Rows of one INSERT, which PostgreSQL gives 65,535 parameters.
const COPIED_AT_ONCE: usize = 1000;

pub(super) fn find(conn: &mut Conn, initiative: InitiativeId, id: DeliverableId) -> Result<Deliverable> {
    Ok(deliverables::table
        .find(id)
        .filter(deliverables::initiative_id.eq(initiative))
        .select(Deliverable::as_select())
        .first(conn)?)
}

pub(super) fn list(
    conn: &mut Conn,
    initiative: InitiativeId,
    filter: &DeliverableFilter,
    paging: &Paging<DeliverableId>,
) -> Result<Vec<Deliverable>> {
    let mut query = deliverables::table
        .filter(deliverables::initiative_id.eq(initiative))
        .select(Deliverable::as_select())
        .order(deliverables::id)
        .limit(paging.fetch())
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(deliverables::id.gt(after));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(deliverables::kind.eq(kind));
    }
    if let Some(delivered) = filter.delivered {
        query = query.filter(deliverables::delivered_on.is_not_null().eq(delivered));
    }
    if let Some(day) = filter.due_before {
        query = query.filter(deliverables::due_on.lt(day));
    }
    Ok(query.load(conn)?)
}

pub(super) fn find_for_update(conn: &mut Conn, initiative: InitiativeId, id: DeliverableId) -> Result<Standing> {
    Ok(deliverables::table
        .find(id)
        .filter(deliverables::initiative_id.eq(initiative))
        .select(Standing::as_select())
        .for_no_key_update()
        .first(conn)?)
}

pub(super) fn insert(conn: &mut Conn, new: &NewDeliverable) -> Result<()> {
    diesel::insert_into(deliverables::table).values(new).execute(conn)?;
    Ok(())
}

pub(super) fn update(conn: &mut Conn, id: DeliverableId, changes: &DeliverableChanges) -> Result<()> {
    diesel::update(deliverables::table.find(id)).set(changes).execute(conn)?;
    Ok(())
}

pub(super) fn delete(conn: &mut Conn, id: DeliverableId) -> Result<()> {
    diesel::delete(deliverables::table.find(id)).execute(conn)?;
    Ok(())
}

/// Copies what is to be handed over to another initiative, without dates and links.
///
/// # Errors
/// 503 when it cannot be written.
pub fn copy_plan(conn: &mut Conn, from: InitiativeId, to: InitiativeId, region_id: RegionId) -> Result<()> {
    let planned: Vec<(DeliverableKind, Line<200>)> = deliverables::table
        .filter(deliverables::initiative_id.eq(from))
        .select((deliverables::kind, deliverables::title))
        .order(deliverables::id)
        .load(conn)?;
    let rows: Vec<NewDeliverable> = planned
        .into_iter()
        .map(|(kind, title)| NewDeliverable {
            id: DeliverableId::new(),
            initiative_id: to,
            region_id,
            kind,
            title,
            due_on: None,
            delivered_on: None,
            link: None,
        })
        .collect();
    for some in rows.chunks(COPIED_AT_ONCE) {
        diesel::insert_into(deliverables::table).values(some).execute(conn)?;
    }
    Ok(())
}
