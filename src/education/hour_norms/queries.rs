//! Hour norms in the database.

use diesel::prelude::*;

use super::model::{HourNorm, HourNormFilter};
use crate::db::Conn;
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::ids::HourNormId;
use crate::schema::hour_norms;

pub(super) fn find(conn: &mut Conn, id: HourNormId) -> Result<HourNorm> {
    Ok(hour_norms::table.find(id).select(HourNorm::as_select()).first(conn)?)
}

pub(super) fn list(conn: &mut Conn, filter: &HourNormFilter, paging: &Paging<HourNormId>) -> Result<Vec<HourNorm>> {
    let mut query =
        hour_norms::table.select(HourNorm::as_select()).order(hour_norms::id).limit(paging.fetch()).into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(hour_norms::id.gt(after));
    }
    if let Some(framework) = filter.framework {
        query = query.filter(hour_norms::framework.eq(framework));
    }
    if let Some(path) = filter.learning_path {
        query = query.filter(hour_norms::learning_path.eq(path));
    }
    if let Some(day) = filter.as_of {
        query = query
            .filter(hour_norms::valid_from.is_null().or(hour_norms::valid_from.assume_not_null().le(day)))
            .filter(hour_norms::valid_until.is_null().or(hour_norms::valid_until.assume_not_null().ge(day)));
    }
    Ok(query.load(conn)?)
}
