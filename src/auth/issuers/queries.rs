//! The table of token issuers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::model::{ClaimMap, IssuerChanges, NewIssuer, SigningAlgorithm, Standing, TokenIssuer, TokenIssuerFilter};
use super::rules::ISSUER_REGISTERED;
use crate::db::{Breach, Conn, OnConstraint as _, SecondLook as _};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::ids::{IssuerId, OrganisationId};
use crate::kernel::role::Role;
use crate::schema::issuers;

#[derive(Queryable, Selectable)]
#[diesel(table_name = issuers)]
struct Row {
    id: IssuerId,
    issuer: String,
    jwks_url: String,
    algorithms: Vec<SigningAlgorithm>,
    audience: String,
    allowed_roles: Vec<Role>,
    allowed_organisation_ids: Vec<OrganisationId>,
    claim_map: serde_json::Value,
    active: bool,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

fn assemble(row: Row) -> Result<TokenIssuer> {
    Ok(TokenIssuer {
        id: row.id,
        issuer: row.issuer,
        jwks_url: row.jwks_url,
        algorithms: row.algorithms,
        audience: row.audience,
        allowed_roles: row.allowed_roles,
        allowed_organisation_ids: row.allowed_organisation_ids,
        claim_map: ClaimMap::from_json(row.claim_map)?,
        active: row.active,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

pub(super) fn find(conn: &mut Conn, id: IssuerId) -> Result<TokenIssuer> {
    assemble(issuers::table.find(id).select(Row::as_select()).first(conn)?)
}

pub(super) fn list(conn: &mut Conn, filter: &TokenIssuerFilter, paging: &Paging<IssuerId>) -> Result<Vec<TokenIssuer>> {
    let mut query = issuers::table.select(Row::as_select()).order(issuers::id).limit(paging.fetch()).into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(issuers::id.gt(after));
    }
    if let Some(active) = filter.active {
        query = query.filter(issuers::active.eq(active));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(assemble).collect()
}

pub(super) fn find_for_update(conn: &mut Conn, id: IssuerId) -> Result<Standing> {
    issuers::table
        .find(id)
        .select(Standing::as_select())
        .for_no_key_update()
        .first(conn)
        .or_second_look(conn, "issuers", id)
}

pub(super) fn insert(conn: &mut Conn, new: &NewIssuer) -> Result<()> {
    diesel::insert_into(issuers::table)
        .values(new)
        .execute(conn)
        .on_constraint(&[("issuers_issuer_key", Breach::Conflict(&ISSUER_REGISTERED))])?;
    Ok(())
}

pub(super) fn update(conn: &mut Conn, id: IssuerId, changes: &IssuerChanges) -> Result<()> {
    diesel::update(issuers::table.find(id)).set(changes).execute(conn)?;
    Ok(())
}
