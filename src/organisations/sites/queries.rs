//! Sites in the database; who writes them is decided by the row policies.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::model::{NewSite, Site, SiteChanges, SiteFilter, SiteSetting};
use super::rules::{IN_USE, NAME_TAKEN};
use crate::db::{Breach, Conn, OnConstraint as _, SecondLook as _};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::formats::Postcode;
use crate::kernel::ids::{OrganisationId, SiteId};
use crate::kernel::text::Line;
use crate::organisations::address::Address;
use crate::schema::organisation_sites;

#[derive(Queryable, Selectable)]
#[diesel(table_name = organisation_sites)]
struct Row {
    id: SiteId,
    organisation_id: OrganisationId,
    name: String,
    setting: SiteSetting,
    street: Option<Line<200>>,
    house_number: Option<Line<20>>,
    postcode: Option<Postcode>,
    place: Option<Line<100>>,
    leerbedrijf_id: Option<Line<64>>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Row> for Site {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            organisation_id: row.organisation_id,
            name: row.name,
            setting: row.setting,
            visiting_address: Address {
                street: row.street,
                house_number: row.house_number,
                postcode: row.postcode,
                place: row.place,
            },
            leerbedrijf_id: row.leerbedrijf_id,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

pub(super) fn find(conn: &mut Conn, organisation: OrganisationId, id: SiteId) -> Result<Site> {
    let row: Row = organisation_sites::table
        .find(id)
        .filter(organisation_sites::organisation_id.eq(organisation))
        .select(Row::as_select())
        .first(conn)?;
    Ok(row.into())
}

pub(super) fn list(
    conn: &mut Conn,
    organisation: OrganisationId,
    filter: &SiteFilter,
    paging: &Paging<SiteId>,
) -> Result<Vec<Site>> {
    let mut query = organisation_sites::table
        .filter(organisation_sites::organisation_id.eq(organisation))
        .select(Row::as_select())
        .order(organisation_sites::id)
        .limit(paging.fetch())
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(organisation_sites::id.gt(after));
    }
    if let Some(setting) = filter.setting {
        query = query.filter(organisation_sites::setting.eq(setting));
    }
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows.into_iter().map(Site::from).collect())
}

/// The version that stands, locked for the rest of the transaction.
pub(super) fn find_for_update(conn: &mut Conn, organisation: OrganisationId, id: SiteId) -> Result<i32> {
    organisation_sites::table
        .find(id)
        .filter(organisation_sites::organisation_id.eq(organisation))
        .select(organisation_sites::version)
        .for_update()
        .first(conn)
        .or_second_look_at(conn, |conn| find(conn, organisation, id))
}

pub(super) fn insert(conn: &mut Conn, new: &NewSite) -> Result<()> {
    diesel::insert_into(organisation_sites::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

pub(super) fn update(conn: &mut Conn, id: SiteId, changes: &SiteChanges) -> Result<()> {
    diesel::update(organisation_sites::table.find(id)).set(changes).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

pub(super) fn delete(conn: &mut Conn, id: SiteId) -> Result<()> {
    diesel::delete(organisation_sites::table.find(id)).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

const BREACHES: &[(&str, Breach)] = &[
    ("organisation_sites_organisation_id_name_key", Breach::Conflict(&NAME_TAKEN)),
    ("recognitions_site_id_fk", Breach::Conflict(&IN_USE)),
];
