//! Reading the trail; the row policies leave one's own events only.

use diesel::prelude::*;
use uuid::Uuid;

use super::model::{AuditEvent, AuditEventFilter};
use crate::db::Conn;
use crate::error::Result;
use crate::http::page::Paging;
use crate::schema::audit_events;

pub(super) fn list(conn: &mut Conn, filter: &AuditEventFilter, paging: &Paging<Uuid>) -> Result<Vec<AuditEvent>> {
    let mut query = audit_events::table
        .select(AuditEvent::as_select())
        .order(audit_events::id.desc())
        .limit(paging.fetch())
        .into_boxed();
    if let Some(before) = paging.after {
        query = query.filter(audit_events::id.lt(before));
    }
    if let Some(resource_type) = &filter.resource_type {
        query = query.filter(audit_events::resource_type.eq(resource_type.as_str().to_owned()));
    }
    if let Some(resource) = filter.resource_id {
        query = query.filter(audit_events::resource_id.eq(resource));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_events::recorded_at.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(audit_events::recorded_at.lt(to));
    }
    Ok(query.load(conn)?)
}
