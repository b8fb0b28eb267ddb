//! Partners in the database. Whoever sees the initiative sees its partners.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::model::{NewPartner, Partner, PartnerChanges, PartnerFilter, PartnerRole, Standing};
use super::rules::ALREADY_PARTNER;
use crate::db::{Breach, Conn, OnConstraint as _};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::ids::{InitiativeId, OrganisationId, PartnerId};
use crate::kernel::named::Named;
use crate::schema::{initiative_partners, organisations};

#[derive(Queryable, Selectable)]
#[diesel(table_name = initiative_partners)]
struct Row {
    id: PartnerId,
    initiative_id: InitiativeId,
    organisation_id: OrganisationId,
    role: PartnerRole,
    effective_from: NaiveDate,
    effective_to: Option<NaiveDate>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

fn assemble((row, organisation): (Row, String)) -> Partner {
    Partner {
        id: row.id,
        initiative_id: row.initiative_id,
        organisation: Named::new(row.organisation_id, organisation),
        role: row.role,
        effective_from: row.effective_from,
        effective_to: row.effective_to,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// The select every reading query shares.
macro_rules! joined {
    ($initiative:expr) => {
        initiative_partners::table
            .inner_join(organisations::table)
            .select((Row::as_select(), organisations::name))
            .filter(initiative_partners::initiative_id.eq($initiative))
    };
}

pub(super) fn find(conn: &mut Conn, initiative: InitiativeId, id: PartnerId) -> Result<Partner> {
    Ok(assemble(joined!(initiative).filter(initiative_partners::id.eq(id)).first(conn)?))
}

pub(super) fn list(
    conn: &mut Conn,
    initiative: InitiativeId,
    filter: &PartnerFilter,
    paging: &Paging<PartnerId>,
) -> Result<Vec<Partner>> {
    let mut query = joined!(initiative).order(initiative_partners::id).limit(paging.fetch()).into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(initiative_partners::id.gt(after));
    }
    if let Some(role) = filter.role {
        query = query.filter(initiative_partners::role.eq(role));
    }
    if let Some(day) = filter.as_of {
        let open = initiative_partners::effective_to.is_null();
        query = query
            .filter(initiative_partners::effective_from.le(day))
            .filter(open.or(initiative_partners::effective_to.assume_not_null().gt(day)));
    }
    Ok(query.load(conn)?.into_iter().map(assemble).collect())
}

pub(super) fn find_for_update(conn: &mut Conn, initiative: InitiativeId, id: PartnerId) -> Result<Standing> {
    Ok(initiative_partners::table
        .find(id)
        .filter(initiative_partners::initiative_id.eq(initiative))
        .select(Standing::as_select())
        .for_no_key_update()
        .first(conn)?)
}

pub(super) fn insert(conn: &mut Conn, new: &NewPartner) -> Result<()> {
    diesel::insert_into(initiative_partners::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

pub(super) fn update(conn: &mut Conn, id: PartnerId, changes: &PartnerChanges) -> Result<()> {
    diesel::update(initiative_partners::table.find(id)).set(changes).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

pub(super) fn delete(conn: &mut Conn, id: PartnerId) -> Result<()> {
    diesel::delete(initiative_partners::table.find(id)).execute(conn)?;
    Ok(())
}

const BREACHES: &[(&str, Breach)] = &[
    ("initiative_partners_initiative_id_organisation_id_role_excl", Breach::Conflict(&ALREADY_PARTNER)),
    ("initiative_partners_organisation_id_fk", Breach::Fault("/organisationId", &UNKNOWN_REFERENCE)),
];
