//! `/cohorts/{cohortId}/counts`.

use actix_web::web::Data;
use actix_web::{get, patch, post};

use super::model::{CohortCount, CohortCountFilter, CohortCountPage, CreateCohortCount, PatchCohortCount};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadCohorts, WriteCohorts};
use crate::db::{self, Db};
use crate::education::cohorts::{find_writable, require_visible};
use crate::error::Result;
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::{CohortCountId, CohortId};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_cohort_counts)
        .service(create_cohort_count)
        .service(get_cohort_count)
        .service(update_cohort_count);
}

/// List the counts of a cohort
///
/// How many applied, wait and are enrolled (tellingen), in the order in which they were first
/// recorded; with `asOf` the one count that holds on that day. `knownAt` shows the records as they
/// stood at a moment.
#[utoipa::path(
    tag = "Cohorts",
    params(("cohortId" = CohortId, Path, description = "The cohort."), CohortCountFilter),
    security(("bearer" = [ReadCohorts::SCOPE])),
)]
#[get("/cohorts/{cohortId}/counts")]
pub async fn list_cohort_counts(
    can: Can<ReadCohorts>,
    cohort: Path<CohortId>,
    filter: Query<CohortCountFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<CohortCountPage>> {
    let (cohort, filter) = (cohort.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("cohorts/{cohort}/counts"), &filter)?;
    db.read(&can, move |conn| {
        require_visible(conn, cohort)?;
        let provisional = db::is_provisional(conn, filter.known_at)?;
        let rows = queries::list(conn, cohort, &filter, &paging)?;
        Listed::of(&CohortCountPage::cut(&paging, rows, |count| count.id, provisional)?)
    })
    .await
}

/// Record a count
///
/// Records what the school counted on a day. It holds until the next count, so nothing needs to be
/// ended. People who applied and are on no roster yet stand here, as numbers only.
#[utoipa::path(
    tag = "Cohorts",
    params(("cohortId" = CohortId, Path, description = "The cohort.")),
    security(("bearer" = [WriteCohorts::SCOPE])),
)]
#[post("/cohorts/{cohortId}/counts")]
pub async fn create_cohort_count(
    can: Can<WriteCohorts>,
    cohort: Path<CohortId>,
    body: Json<CreateCohortCount>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<CohortCount>> {
    let (actor, cohort, digest) = (can.actor().clone(), cohort.into_inner(), body.digest());
    once.write(&db, &can, digest, move |conn| {
        let school = find_writable(conn, cohort)?;
        let new = body.into_inner();
        rules::may_record(&new, db::today(conn)?)?;
        let row = new.into_row(cohort, school);
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("recorded", "cohort-count", row.id))?;
        Created::of(&queries::find_version(conn, row.row_id)?)
    })
    .await
}

/// Read a count
///
/// The version that stands now.
#[utoipa::path(
    tag = "Cohorts",
    params(
        ("cohortId" = CohortId, Path, description = "The cohort."),
        ("countId" = CohortCountId, Path, description = "The count."),
    ),
    security(("bearer" = [ReadCohorts::SCOPE])),
)]
#[get("/cohorts/{cohortId}/counts/{countId}")]
pub async fn get_cohort_count(
    can: Can<ReadCohorts>,
    path: Path<(CohortId, CohortCountId)>,
    db: Data<Db>,
) -> Result<Found<CohortCount>> {
    let (cohort, id) = path.into_inner();
    db.read(&can, move |conn| Found::of(&queries::find(conn, cohort, id)?)).await
}

/// Correct a count
///
/// Records a new version that takes the place of the standing one, which stays known under the
/// moment it stood. With `withdrawn` it never was, and the answer is the version that was taken back.
#[utoipa::path(
    tag = "Cohorts",
    params(
        ("cohortId" = CohortId, Path, description = "The cohort."),
        ("countId" = CohortCountId, Path, description = "The count."),
    ),
    request_body(content = PatchCohortCount, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteCohorts::SCOPE])),
)]
#[patch("/cohorts/{cohortId}/counts/{countId}")]
pub async fn update_cohort_count(
    can: Can<WriteCohorts>,
    path: Path<(CohortId, CohortCountId)>,
    body: MergePatch<PatchCohortCount>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<CohortCount>> {
    let (actor, (cohort, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        let standing = queries::find_for_update(conn, cohort, id)?;
        if_match.require(standing.version)?;
        let patch = body.into_inner();
        if patch.withdrawn {
            queries::replace(conn, standing.row_id, None)?;
            audit::record(conn, &actor, Event::new("withdrawn", "cohort-count", id))?;
            return Found::of(&queries::find_version(conn, standing.row_id)?);
        }
        rules::may_correct(&standing, &patch, db::today(conn)?)?;
        let next = patch.into_row(&standing);
        queries::replace(conn, standing.row_id, Some(&next))?;
        audit::record(conn, &actor, Event::new("corrected", "cohort-count", id))?;
        Found::of(&queries::find_version(conn, next.row_id)?)
    })
    .await
}
