//! `/programmes`.

use actix_web::web::Data;
use actix_web::{delete, get, patch, post};

use super::model::{CreateProgramme, PatchProgramme, Programme, ProgrammeFilter, ProgrammePage};
use super::queries;
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadProgrammes, WriteProgrammes};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Deleted, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::ProgrammeId;
use crate::organisations::qualifications::{framework_of, paths_fit};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_programmes)
        .service(create_programme)
        .service(get_programme)
        .service(update_programme)
        .service(delete_programme);
}

/// List programmes
///
/// What schools teach (opleidingen), the same for every signed-in client, in the order in which it
/// was entered.
#[utoipa::path(tag = "Programmes", params(ProgrammeFilter), security(("bearer" = [ReadProgrammes::SCOPE])))]
#[get("/programmes")]
pub async fn list_programmes(
    can: Can<ReadProgrammes>,
    filter: Query<ProgrammeFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<ProgrammePage>> {
    let filter = filter.into_inner();
    let paging = cursors.open(&can, "programmes", &filter)?;
    db.read(&can, move |conn| {
        let rows = queries::list(conn, filter, &paging)?;
        Listed::of(&ProgrammePage::cut(&paging, rows, |programme| programme.id)?)
    })
    .await
}

/// Enter a programme
///
/// Enters a programme of your own school. The qualification stays what it is: a programme that leads
/// to another one, for example under a new crebo, is another programme.
#[utoipa::path(tag = "Programmes", security(("bearer" = [WriteProgrammes::SCOPE])))]
#[post("/programmes")]
pub async fn create_programme(
    can: Can<WriteProgrammes>,
    body: Json<CreateProgramme>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Programme>> {
    let (actor, digest) = (can.actor().clone(), body.digest());
    let school = actor.organisation.ok_or(Error::Unauthenticated)?;
    once.write(&db, &can, digest, move |conn| {
        let new = body.into_inner();
        paths_fit(&new.learning_paths, framework_of(conn, new.qualification_id)?)?;
        let row = new.into_row(school);
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("created", "programme", row.id))?;
        Created::of(&queries::find(conn, row.id)?)
    })
    .await
}

/// Read a programme
///
/// One programme with its qualification and learning paths.
#[utoipa::path(tag = "Programmes", params(("programmeId" = ProgrammeId, Path, description = "The programme.")), security(("bearer" = [ReadProgrammes::SCOPE])))]
#[get("/programmes/{programmeId}")]
pub async fn get_programme(can: Can<ReadProgrammes>, id: Path<ProgrammeId>, db: Data<Db>) -> Result<Found<Programme>> {
    db.read(&can, move |conn| Found::of(&queries::find(conn, id.into_inner())?)).await
}

/// Change a programme
///
/// Changes what is sent; the school that teaches it may.
#[utoipa::path(
    tag = "Programmes",
    params(("programmeId" = ProgrammeId, Path, description = "The programme.")),
    request_body(content = PatchProgramme, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteProgrammes::SCOPE])),
)]
#[patch("/programmes/{programmeId}")]
pub async fn update_programme(
    can: Can<WriteProgrammes>,
    id: Path<ProgrammeId>,
    body: MergePatch<PatchProgramme>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Programme>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        let standing = queries::find_for_update(conn, id)?;
        if_match.require(standing.version)?;
        let patch = body.into_inner();
        paths_fit(patch.learning_paths.as_change().map_or(&[], Vec::as_slice), standing.framework)?;
        queries::update(conn, id, &patch.into_changes(standing.version))?;
        audit::record(conn, &actor, Event::new("changed", "programme", id))?;
        Found::of(&queries::find(conn, id)?)
    })
    .await
}

/// Remove a programme
///
/// Removes a programme that nothing hangs on, one entered by mistake; 409 when a cohort or a student
/// does.
#[utoipa::path(
    tag = "Programmes",
    params(("programmeId" = ProgrammeId, Path, description = "The programme.")),
    security(("bearer" = [WriteProgrammes::SCOPE])),
)]
#[delete("/programmes/{programmeId}")]
pub async fn delete_programme(
    can: Can<WriteProgrammes>,
    id: Path<ProgrammeId>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Deleted> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        if_match.require(queries::find_for_update(conn, id)?.version)?;
        queries::delete(conn, id)?;
        audit::record(conn, &actor, Event::new("deleted", "programme", id))?;
        Ok(Deleted)
    })
    .await
}
