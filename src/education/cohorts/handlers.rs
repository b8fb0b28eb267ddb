//! `/cohorts`.

use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use chrono::NaiveDate;

use super::model::{Cohort, CohortFilter, CohortPage, CreateCohort, PatchCohort};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadCohorts, WriteCohorts};
use crate::db::{self, Db};
use crate::error::{Error, Result};
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Deleted, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::CohortId;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_cohorts)
        .service(create_cohort)
        .service(get_cohort)
        .service(update_cohort)
        .service(delete_cohort);
}

/// List cohorts
///
/// The cohorts (lichtingen) of your own school, or as bureau those of the schools of your region, in
/// the order in which they were entered.
#[utoipa::path(tag = "Cohorts", params(CohortFilter), security(("bearer" = [ReadCohorts::SCOPE])))]
#[get("/cohorts")]
pub async fn list_cohorts(
    can: Can<ReadCohorts>,
    filter: Query<CohortFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<CohortPage>> {
    let filter = filter.into_inner();
    let paging = cursors.open(&can, "cohorts", &filter)?;
    db.read(&can, move |conn| {
        let rows = queries::list(conn, filter, &paging)?;
        Listed::of(&CohortPage::cut(&paging, rows, |cohort| cohort.id)?)
    })
    .await
}

/// Enter a cohort
///
/// Enters a cohort of one of your own programmes: one per school year and form.
#[utoipa::path(tag = "Cohorts", security(("bearer" = [WriteCohorts::SCOPE])))]
#[post("/cohorts")]
pub async fn create_cohort(
    can: Can<WriteCohorts>,
    body: Json<CreateCohort>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Cohort>> {
    let (actor, digest) = (can.actor().clone(), body.digest());
    let school = actor.organisation.ok_or(Error::Unauthenticated)?;
    once.write(&db, &can, digest, move |conn| {
        let new = body.into_inner();
        rules::capped(new.intake_cap, new.cap_lifted_on.map(NaiveDate::from), db::today(conn)?)?;
        let row = new.into_row(school);
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("created", "cohort", row.id))?;
        Created::of(&queries::find(conn, row.id)?)
    })
    .await
}

/// Read a cohort
///
/// One cohort with its intake cap (numerus fixus).
#[utoipa::path(tag = "Cohorts", params(("cohortId" = CohortId, Path, description = "The cohort.")), security(("bearer" = [ReadCohorts::SCOPE])))]
#[get("/cohorts/{cohortId}")]
pub async fn get_cohort(can: Can<ReadCohorts>, id: Path<CohortId>, db: Data<Db>) -> Result<Found<Cohort>> {
    db.read(&can, move |conn| Found::of(&queries::find(conn, id.into_inner())?)).await
}

/// Change a cohort
///
/// Sets or lifts the intake cap (numerus fixus). Programme, school year and form stay: a cohort that
/// was entered wrongly is removed and entered again.
#[utoipa::path(
    tag = "Cohorts",
    params(("cohortId" = CohortId, Path, description = "The cohort.")),
    request_body(content = PatchCohort, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteCohorts::SCOPE])),
)]
#[patch("/cohorts/{cohortId}")]
pub async fn update_cohort(
    can: Can<WriteCohorts>,
    id: Path<CohortId>,
    body: MergePatch<PatchCohort>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Cohort>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        let standing = queries::find_for_update(conn, id)?;
        if_match.require(standing.version)?;
        let patch = body.into_inner();
        rules::may_change(&standing, &patch, db::today(conn)?)?;
        queries::update(conn, id, &patch.into_changes(standing.version))?;
        audit::record(conn, &actor, Event::new("changed", "cohort", id))?;
        Found::of(&queries::find(conn, id)?)
    })
    .await
}

/// Remove a cohort
///
/// Removes a cohort that nothing hangs on, one entered by mistake; 409 when a count or a student does.
#[utoipa::path(
    tag = "Cohorts",
    params(("cohortId" = CohortId, Path, description = "The cohort.")),
    security(("bearer" = [WriteCohorts::SCOPE])),
)]
#[delete("/cohorts/{cohortId}")]
pub async fn delete_cohort(
    can: Can<WriteCohorts>,
    id: Path<CohortId>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Deleted> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        if_match.require(queries::find_for_update(conn, id)?.version)?;
        queries::delete(conn, id)?;
        audit::record(conn, &actor, Event::new("deleted", "cohort", id))?;
        Ok(Deleted)
    })
    .await
}
