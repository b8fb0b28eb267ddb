//! `/audit-events`.

use actix_web::get;
use actix_web::web::Data;

use super::model::{AuditEventFilter, AuditEventPage};
use super::queries;
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadAuditEvents};
use crate::db::Db;
use crate::error::Result;
use crate::http::page::Cursors;
use crate::http::query::Query;
use crate::http::reply::Listed;
use crate::http::routes::Routes;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_audit_events);
}

/// Read the audit trail
///
/// What your organisation did, and what a bureau did in its name under a mandate (machtiging);
/// newest first. Events name ids and codes, never persons.
#[utoipa::path(tag = "Audit", params(AuditEventFilter), security(("bearer" = [ReadAuditEvents::SCOPE])))]
#[get("/audit-events")]
pub async fn list_audit_events(
    can: Can<ReadAuditEvents>,
    filter: Query<AuditEventFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<AuditEventPage>> {
    let filter = filter.into_inner();
    let paging = cursors.open(&can, "audit-events", &filter)?;
    db.read(&can, move |conn| {
        let rows = queries::list(conn, &filter, &paging)?;
        Listed::of(&AuditEventPage::cut(&paging, rows, |event| event.id)?)
    })
    .await
}
