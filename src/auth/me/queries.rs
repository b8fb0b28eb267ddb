//! Names around the caller's own identity.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use uuid::Uuid;

use super::model::HeldMandate;
use crate::db::Conn;
use crate::error::Result;
use crate::kernel::ids::{MandateId, OrganisationId};
use crate::kernel::named::Named;
use crate::schema::{mandates, organisations, regions};

pub(super) fn find_organisation(conn: &mut Conn, id: OrganisationId) -> Result<Named> {
    let name = organisations::table.find(id).select(organisations::name).first(conn)?;
    Ok(Named::new(id, name))
}

pub(super) fn list_regions(conn: &mut Conn) -> Result<Vec<Named>> {
    let rows: Vec<(Uuid, String)> = regions::table
        .filter(sql::<Bool>("regions.id = ANY ((SELECT app_regions())::uuid[])"))
        .order(regions::name)
        .select((regions::id, regions::name))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, name)| Named { id, name }).collect())
}

pub(super) fn list_mandates(conn: &mut Conn, bureau: OrganisationId) -> Result<Vec<HeldMandate>> {
    let rows: Vec<(MandateId, Uuid, String, Vec<String>)> = mandates::table
        .inner_join(organisations::table.on(organisations::id.eq(mandates::practice_id)))
        .filter(mandates::bureau_organisation_id.eq(bureau))
        .filter(mandates::status.eq("granted"))
        .filter(sql::<Bool>("app_today() BETWEEN valid_from AND coalesce(valid_until, 'infinity')"))
        .order(mandates::id)
        .select((mandates::id, organisations::id, organisations::name, mandates::scopes))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, practice, name, scopes)| HeldMandate { id, practice: Named { id: practice, name }, scopes })
        .collect())
}
