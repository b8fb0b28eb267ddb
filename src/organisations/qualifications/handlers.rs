//! `/qualifications`.

use actix_web::get;
use actix_web::web::Data;

use super::model::{Qualification, QualificationFilter, QualificationPage};
use super::queries;
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadOrganisations};
use crate::db::Db;
use crate::error::Result;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::QualificationId;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_qualifications).service(get_qualification);
}

/// List qualifications
///
/// What interns are in training for (kwalificaties): reference data, the same for everybody.
#[utoipa::path(tag = "Qualifications", params(QualificationFilter), security(("bearer" = [ReadOrganisations::SCOPE])))]
#[get("/qualifications")]
pub async fn list_qualifications(
    can: Can<ReadOrganisations>,
    filter: Query<QualificationFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<QualificationPage>> {
    let filter = filter.into_inner();
    let paging = cursors.open(&can, "qualifications", &filter)?;
    db.read(&can, move |conn| {
        let rows = queries::list(conn, &filter, &paging)?;
        Listed::of(&QualificationPage::cut(&paging, rows, |qualification| qualification.id)?)
    })
    .await
}

/// Read a qualification
///
/// One qualification with its crebo, where it has one.
#[utoipa::path(tag = "Qualifications", params(("qualificationId" = QualificationId, Path, description = "The qualification.")), security(("bearer" = [ReadOrganisations::SCOPE])))]
#[get("/qualifications/{qualificationId}")]
pub async fn get_qualification(
    can: Can<ReadOrganisations>,
    id: Path<QualificationId>,
    db: Data<Db>,
) -> Result<Found<Qualification>> {
    db.read(&can, move |conn| Found::of(&queries::find(conn, id.into_inner())?)).await
}
