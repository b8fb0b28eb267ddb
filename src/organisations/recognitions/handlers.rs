//! `/organisations/{organisationId}/recognitions`.

use actix_web::web::Data;
use actix_web::{get, patch, post};

use super::model::{CreateRecognition, PatchRecognition, Recognition, RecognitionFilter, RecognitionPage};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadOrganisations, WriteRecognitions};
use crate::db::{self, Db};
use crate::error::Result;
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::{OrganisationId, RecognitionId};
use crate::organisations::organisations::require_visible;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_recognitions).service(create_recognition).service(get_recognition).service(update_recognition);
}

/// List the recognitions of an organisation
///
/// For which qualifications it is recognised as training company (erkenning als leerbedrijf);
/// with `asOf` only those that hold on that day. Past its review a recognition still holds,
/// until it is withdrawn.
#[utoipa::path(tag = "Organisations", params(("organisationId" = OrganisationId, Path, description = "The organisation."), RecognitionFilter), security(("bearer" = [ReadOrganisations::SCOPE])))]
#[get("/organisations/{organisationId}/recognitions")]
pub async fn list_recognitions(
    can: Can<ReadOrganisations>,
    organisation: Path<OrganisationId>,
    filter: Query<RecognitionFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<RecognitionPage>> {
    let (organisation, filter) = (organisation.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("organisations/{organisation}/recognitions"), &filter)?;
    db.read(&can, move |conn| {
        require_visible(conn, organisation)?;
        let rows = queries::list(conn, organisation, &filter, &paging)?;
        Listed::of(&RecognitionPage::cut(&paging, rows, |recognition| recognition.id)?)
    })
    .await
}

/// Record a recognition
///
/// Records what the register of recognised training companies says. The bureau does so for the
/// members of its region, the platform for everybody.
#[utoipa::path(tag = "Organisations", params(("organisationId" = OrganisationId, Path, description = "The organisation.")), security(("bearer" = [WriteRecognitions::SCOPE])))]
#[post("/organisations/{organisationId}/recognitions")]
pub async fn create_recognition(
    can: Can<WriteRecognitions>,
    organisation: Path<OrganisationId>,
    body: Json<CreateRecognition>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Recognition>> {
    let (actor, digest, organisation) = (can.actor().clone(), body.digest(), organisation.into_inner());
    once.write(&db, &can, digest, move |conn| {
        require_visible(conn, organisation)?;
        let new = body.into_inner();
        rules::may_hold(new.dates(), db::today(conn)?)?;
        let row = new.into_row(organisation);
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("created", "recognition", row.id))?;
        Created::of(&queries::find(conn, organisation, row.id)?)
    })
    .await
}

/// Read a recognition
///
/// One recognition, with the day on which it was last looked up.
#[utoipa::path(
    tag = "Organisations",
    params(
        ("organisationId" = OrganisationId, Path, description = "The organisation."),
        ("recognitionId" = RecognitionId, Path, description = "The recognition."),
    ),
    security(("bearer" = [ReadOrganisations::SCOPE])),
)]
#[get("/organisations/{organisationId}/recognitions/{recognitionId}")]
pub async fn get_recognition(
    can: Can<ReadOrganisations>,
    path: Path<(OrganisationId, RecognitionId)>,
    db: Data<Db>,
) -> Result<Found<Recognition>> {
    let (organisation, id) = path.into_inner();
    db.read(&can, move |conn| Found::of(&queries::find(conn, organisation, id)?)).await
}

/// Change a recognition
///
/// Records that it was looked up again, reviewed or withdrawn: changes what is sent, clears what
/// is null.
#[utoipa::path(
    tag = "Organisations",
    params(
        ("organisationId" = OrganisationId, Path, description = "The organisation."),
        ("recognitionId" = RecognitionId, Path, description = "The recognition."),
    ),
    request_body(content = PatchRecognition, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteRecognitions::SCOPE])),
)]
#[patch("/organisations/{organisationId}/recognitions/{recognitionId}")]
pub async fn update_recognition(
    can: Can<WriteRecognitions>,
    path: Path<(OrganisationId, RecognitionId)>,
    body: MergePatch<PatchRecognition>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Recognition>> {
    let (actor, (organisation, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        let (version, dates) = queries::find_for_update(conn, organisation, id)?;
        if_match.require(version)?;
        let patch = body.into_inner();
        rules::may_hold(patch.dates(dates), db::today(conn)?)?;
        queries::update(conn, id, &patch.into_changes(version))?;
        audit::record(conn, &actor, Event::new("changed", "recognition", id))?;
        Found::of(&queries::find(conn, organisation, id)?)
    })
    .await
}
