//! Barriers in the database: versions of dated facts. Which of them a caller sees or writes is
//! decided by the row policies, not here.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::model::{Barrier, BarrierFilter, Version};
use crate::db::{Breach, Conn, OnConstraint as _};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::fact::View;
use crate::kernel::ids::{BarrierId, InitiativeId, OrganisationId};
use crate::kernel::named::Named;
use crate::schema::{barriers, organisations};

crate::fact_queries!(barriers);

#[derive(Queryable, Selectable)]
#[diesel(table_name = barriers)]
struct Row {
    id: BarrierId,
    initiative_id: InitiativeId,
    title: String,
    description: Option<String>,
    owner_organisation_id: Option<OrganisationId>,
    action: Option<String>,
    effective_from: NaiveDate,
    effective_to: Option<NaiveDate>,
    version: i32,
    recorded_at: DateTime<Utc>,
    superseded_at: Option<DateTime<Utc>>,
}

fn assemble((row, owner): (Row, Option<String>)) -> Barrier {
    Barrier {
        id: row.id,
        initiative_id: row.initiative_id,
        title: row.title,
        description: row.description,
        owner_organisation: row.owner_organisation_id.zip(owner).map(|(id, name)| Named::new(id, name)),
        action: row.action,
        effective_from: row.effective_from,
        effective_to: row.effective_to,
        version: row.version,
        recorded_at: row.recorded_at,
        superseded_at: row.superseded_at,
    }
}

/// The select every reading query shares.
macro_rules! joined {
    () => {
        barriers::table.left_join(organisations::table).select((Row::as_select(), organisations::name.nullable()))
    };
}

/// The standing version.
pub(super) fn find(conn: &mut Conn, initiative: InitiativeId, id: BarrierId) -> Result<Barrier> {
    let standing = joined!()
        .filter(barriers::initiative_id.eq(initiative))
        .filter(barriers::id.eq(id))
        .filter(barriers::superseded_at.is_null());
    Ok(assemble(standing.first(conn)?))
}

/// One version, whether it stands or not.
pub(super) fn find_version(conn: &mut Conn, row_id: Uuid) -> Result<Barrier> {
    Ok(assemble(joined!().filter(barriers::row_id.eq(row_id)).first(conn)?))
}

pub(super) fn list(
    conn: &mut Conn,
    initiative: InitiativeId,
    filter: &BarrierFilter,
    paging: &Paging<BarrierId>,
) -> Result<Vec<Barrier>> {
    let of_initiative = joined!().filter(barriers::initiative_id.eq(initiative));
    let mut query = of_initiative.order(barriers::id).limit(paging.fetch()).into_boxed();
    query = crate::as_seen!(query, barriers, filter.view());
    if let Some(after) = paging.after {
        query = query.filter(barriers::id.gt(after));
    }
    if let Some(owner) = filter.owner_organisation_id {
        query = query.filter(barriers::owner_organisation_id.eq(owner));
    }
    Ok(query.load(conn)?.into_iter().map(assemble).collect())
}

pub(super) fn find_for_update(conn: &mut Conn, initiative: InitiativeId, id: BarrierId) -> Result<Version> {
    Ok(barriers::table
        .filter(barriers::initiative_id.eq(initiative))
        .filter(barriers::id.eq(id))
        .filter(seen(View::default()))
        .select(Version::as_select())
        .for_no_key_update()
        .first(conn)?)
}

pub(super) fn insert(conn: &mut Conn, version: &Version) -> Result<()> {
    diesel::insert_into(barriers::table).values(version).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

pub(super) fn withdraw(conn: &mut Conn, standing: &Version) -> Result<()> {
    supersede(conn, standing.row_id)
}

const BREACHES: &[(&str, Breach)] =
    &[("barriers_owner_organisation_id_fk", Breach::Fault("/ownerOrganisationId", &UNKNOWN_REFERENCE))];
