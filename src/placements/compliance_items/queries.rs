//! Compliance items in the database. Which of them a caller sees or changes is decided by the row
//! policies, not here.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::model::{ComplianceItem, ComplianceItemFilter, ComplianceStatus, NewComplianceItem, Standing, Stated};
use super::rules::ITEM_EXISTS;
use crate::db::{Breach, Conn, OnConstraint as _, Prepare as _, SecondLook as _};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::ids::{ComplianceItemId, OrganisationId, PlacementId};
use crate::kernel::named::Named;
use crate::regions::readiness_rules::Requirement;
use crate::schema::{compliance_items, organisations};

#[derive(Queryable, Selectable)]
#[diesel(table_name = compliance_items)]
struct Row {
    id: ComplianceItemId,
    placement_id: PlacementId,
    requirement: Requirement,
    status: ComplianceStatus,
    checked_on: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
    stated_by: OrganisationId,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

fn assemble((row, stated_by): (Row, String)) -> ComplianceItem {
    ComplianceItem {
        id: row.id,
        placement_id: row.placement_id,
        requirement: row.requirement,
        status: row.status,
        checked_on: row.checked_on,
        valid_until: row.valid_until,
        stated_by: Named::new(row.stated_by, stated_by),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// The select every reading query shares.
macro_rules! joined {
    ($placement:expr) => {
        compliance_items::table
            .inner_join(organisations::table.on(organisations::id.eq(compliance_items::stated_by)))
            .select((Row::as_select(), organisations::name))
            .filter(compliance_items::placement_id.eq($placement))
    };
}

pub(super) fn find(conn: &mut Conn, placement: PlacementId, id: ComplianceItemId) -> Result<ComplianceItem> {
    Ok(assemble(joined!(placement).filter(compliance_items::id.eq(id)).first(conn)?))
}

pub(super) fn list(
    conn: &mut Conn,
    placement: PlacementId,
    filter: &ComplianceItemFilter,
    paging: &Paging<ComplianceItemId>,
) -> Result<Vec<ComplianceItem>> {
    let mut query = joined!(placement).order(compliance_items::id).limit(paging.fetch()).into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(compliance_items::id.gt(after));
    }
    if let Some(status) = filter.status {
        query = query.filter(compliance_items::status.eq(status));
    }
    Ok(query.load(conn)?.into_iter().map(assemble).collect())
}

pub(super) fn find_for_update(conn: &mut Conn, placement: PlacementId, id: ComplianceItemId) -> Result<Standing> {
    compliance_items::table
        .find(id)
        .filter(compliance_items::placement_id.eq(placement))
        .select(Standing::as_select())
        .for_no_key_update()
        .first(conn)
        .or_second_look_at(conn, |conn| find(conn, placement, id))
}

pub(super) fn insert(conn: &mut Conn, new: &NewComplianceItem) -> Result<()> {
    diesel::insert_into(compliance_items::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

/// Sets what is said of an item, and counts the change.
pub(super) fn update(conn: &mut Conn, id: ComplianceItemId, stated: &Stated) -> Result<()> {
    diesel::update(compliance_items::table.find(id))
        .set((stated, compliance_items::version.eq(compliance_items::version + 1)))
        .prepared()
        .execute(conn)?;
    Ok(())
}

const BREACHES: &[(&str, Breach)] =
    &[("compliance_items_placement_id_requirement_key", Breach::Conflict(&ITEM_EXISTS))];
