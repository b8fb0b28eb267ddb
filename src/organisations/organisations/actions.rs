//! What the API and the command line both do with organisations.

use super::model::CreateOrganisation;
use super::{queries, rules};
use crate::db::Conn;
use crate::error::Result;
use crate::kernel::ids::OrganisationId;

/// Enters an organisation into the directory.
///
/// # Errors
/// 400 when a kind is named twice.
pub fn enter(conn: &mut Conn, new: CreateOrganisation) -> Result<OrganisationId> {
    rules::may_enter(&new)?;
    let row = new.into_row();
    queries::insert(conn, &row)?;
    Ok(row.id)
}
