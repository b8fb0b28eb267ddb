//! `/roster-imports`.

use actix_web::web::Data;
use actix_web::{HttpRequest, get, post};

use super::model::{
    MoveRosterImport, RosterArchive, RosterCsv, RosterFile, RosterImport, RosterImportErrorFilter,
    RosterImportErrorPage, RosterImportFilter, RosterImportOptions, RosterImportPage, RosterLines, RosterStudents,
};
use super::{actions, queries};
use crate::auth::Can;
use crate::auth::permissions::{ImportRosters, Permission as _};
use crate::db::Db;
use crate::error::Result;
use crate::http::accept::{Format, negotiate};
use crate::http::body::Json;
use crate::http::csv::{Exported, require_whole};
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::poll::Polled;
use crate::http::query::Query;
use crate::http::reply::{Accepted, Found, Listed};
use crate::http::routes::Routes;
use crate::http::upload::Upload;
use crate::kernel::ids::RosterImportId;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_roster_imports)
        .service(create_roster_import)
        .service(get_roster_import)
        .service(list_roster_import_errors)
        .service(transition_roster_import);
}

/// List your roster imports
///
/// Every roster (studentenlijst) that your school handed over, newest first, and what became of it.
#[utoipa::path(tag = "Rosters", params(RosterImportFilter), security(("bearer" = [ImportRosters::SCOPE])))]
#[get("/roster-imports")]
pub async fn list_roster_imports(
    can: Can<ImportRosters>,
    filter: Query<RosterImportFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<RosterImportPage>> {
    let filter = filter.into_inner();
    let paging = cursors.open(&can, "roster-imports", &filter)?;
    db.read(&can, move |conn| {
        let rows = queries::list(conn, &filter, &paging)?;
        Listed::of(&RosterImportPage::cut(&paging, rows, |import| import.id)?)
    })
    .await
}

/// Hand over a roster
///
/// Takes the whole roster of your school (studentenlijst) in one upload of at most 256 MiB: a JSON array of
/// students, an object a line (NDJSON), CSV with a header, or a OneRoster 1.2 zip. It is applied in
/// the background, all of it or nothing; poll the import under `Location`. In a `full` import
/// students who are missing become inactive; when a programme of five or more would lose more than
/// half of its students, nothing is changed until you confirm. The same file twice changes nothing.
/// One import of a school runs at a time (409 `import-unfinished`).
#[utoipa::path(
    tag = "Rosters",
    params(RosterImportOptions),
    request_body(content(
        (RosterStudents = "application/json"),
        (RosterLines = "application/x-ndjson"),
        (RosterCsv = "text/csv"),
        (RosterArchive = "application/zip"),
    )),
    security(("bearer" = [ImportRosters::SCOPE])),
)]
#[post("/roster-imports")]
pub async fn create_roster_import(
    can: Can<ImportRosters>,
    options: Query<RosterImportOptions>,
    upload: Upload<RosterFile>,
    once: Once,
    db: Data<Db>,
) -> Result<Accepted<RosterImport>> {
    actions::take_in(&db, &can, options.into_inner(), upload, once).await
}

/// Read a roster import
///
/// Where it stands, what was counted, and why it was refused or blocked, if so. Poll it as `Retry-After`
/// says, until it comes without.
#[utoipa::path(tag = "Rosters", params(("rosterImportId" = RosterImportId, Path, description = "The import.")), security(("bearer" = [ImportRosters::SCOPE])))]
#[get("/roster-imports/{rosterImportId}")]
pub async fn get_roster_import(
    can: Can<ImportRosters>,
    id: Path<RosterImportId>,
    db: Data<Db>,
) -> Result<Polled<RosterImport>> {
    db.read(&can, move |conn| Polled::of(&queries::find(conn, id.into_inner())?)).await
}

/// List what was wrong with a roster
///
/// The first 10,000 faults in the rows of a roster, in the order of the file: row, property and
/// code, never the value. With `Accept: text/csv` all of them as a file, without `limit` and `cursor`.
#[utoipa::path(
    tag = "Rosters",
    params(("rosterImportId" = RosterImportId, Path, description = "The import."), RosterImportErrorFilter),
    security(("bearer" = [ImportRosters::SCOPE])),
)]
#[get("/roster-imports/{rosterImportId}/errors")]
pub async fn list_roster_import_errors(
    can: Can<ImportRosters>,
    id: Path<RosterImportId>,
    filter: Query<RosterImportErrorFilter>,
    request: HttpRequest,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Exported<RosterImportErrorPage>> {
    let (id, filter) = (id.into_inner(), filter.into_inner());
    let format = negotiate(&request, &[Format::Json, Format::CSV])?;
    if let Format::Csv(_) = format {
        require_whole(&filter, None)?;
    }
    let paging = cursors.open(&can, &format!("roster-imports/{id}/errors"), &filter)?;
    db.snapshot(&can, move |conn| {
        queries::find(conn, id)?;
        if let Format::Csv(delimiter) = format {
            let page = |paging: &_| queries::list_errors(conn, id, paging);
            return Exported::file(&paging.all(page, |error| error.number)?, delimiter);
        }
        let rows = queries::list_errors(conn, id, &paging)?;
        Exported::page(&RosterImportErrorPage::cut(&paging, rows, |error| error.number)?)
    })
    .await
}

/// Confirm or cancel a roster import
///
/// To `queued`: an import that the guard blocked runs after all, because the loss of students is
/// right; within 72 hours, and only while no newer roster has come. To `cancelled`: nothing of it
/// takes effect.
#[utoipa::path(tag = "Rosters", params(("rosterImportId" = RosterImportId, Path, description = "The import.")), security(("bearer" = [ImportRosters::SCOPE])))]
#[post("/roster-imports/{rosterImportId}/transitions")]
pub async fn transition_roster_import(
    can: Can<ImportRosters>,
    id: Path<RosterImportId>,
    body: Json<MoveRosterImport>,
    once: Once,
    db: Data<Db>,
) -> Result<Found<RosterImport>> {
    let (actor, id, digest) = (can.actor().clone(), id.into_inner(), body.digest());
    let moved = once
        .write(&db, &can, digest, move |conn| {
            actions::advance(conn, &actor, id, body.to)?;
            Found::of(&queries::find(conn, id)?)
        })
        .await?;
    db.bulk().ring();
    Ok(moved)
}
