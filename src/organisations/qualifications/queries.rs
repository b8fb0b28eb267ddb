//! Qualifications in the database.

use diesel::prelude::*;

use super::model::{Qualification, QualificationFilter, QualificationFramework};
use crate::db::Conn;
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::checks::UNKNOWN_REFERENCE;
use crate::kernel::ids::QualificationId;
use crate::schema::qualifications;

pub(super) fn find(conn: &mut Conn, id: QualificationId) -> Result<Qualification> {
    Ok(qualifications::table.find(id).select(Qualification::as_select()).first(conn)?)
}

pub(super) fn list(
    conn: &mut Conn,
    filter: &QualificationFilter,
    paging: &Paging<QualificationId>,
) -> Result<Vec<Qualification>> {
    let mut query = qualifications::table
        .select(Qualification::as_select())
        .order(qualifications::id)
        .limit(paging.fetch())
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(qualifications::id.gt(after));
    }
    if let Some(framework) = filter.framework {
        query = query.filter(qualifications::framework.eq(framework));
    }
    if let Some(profession) = filter.profession {
        query = query.filter(qualifications::profession.eq(profession));
    }
    Ok(query.load(conn)?)
}

/// Who sets the qualification that stands at `/qualificationId` of a body.
///
/// # Errors
/// 400 when there is no such qualification.
pub fn framework_of(conn: &mut Conn, id: QualificationId) -> Result<QualificationFramework> {
    let framework = qualifications::table.find(id).select(qualifications::framework).first(conn).optional()?;
    framework.ok_or_else(|| UNKNOWN_REFERENCE.fault("/qualificationId").into())
}
