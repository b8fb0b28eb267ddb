//! `/jobs`.

use actix_web::get;
use actix_web::web::Data;

use super::model::{Job, JobFilter, JobPage};
use super::queries;
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadJobs};
use crate::db::Db;
use crate::error::Result;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::poll::Polled;
use crate::http::query::Query;
use crate::http::reply::Listed;
use crate::http::routes::Routes;
use crate::kernel::ids::JobId;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_jobs).service(get_job);
}

/// List your work in progress
///
/// Your organisation's jobs that are not finished yet, newest first; with `status` others.
#[utoipa::path(tag = "Service", params(JobFilter), security(("bearer" = [ReadJobs::SCOPE])))]
#[get("/jobs")]
pub async fn list_jobs(
    can: Can<ReadJobs>,
    filter: Query<JobFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<JobPage>> {
    let filter = filter.into_inner();
    let paging = cursors.open(&can, "jobs", &filter)?;
    db.read(&can, move |conn| {
        let rows = queries::list(conn, &filter, &paging)?;
        Listed::of(&JobPage::cut(&paging, rows, |job| job.id)?)
    })
    .await
}

/// Read a job
///
/// How far one job is; poll it as `Retry-After` says, until it comes without.
#[utoipa::path(tag = "Service", params(("jobId" = JobId, Path, description = "The job.")), security(("bearer" = [ReadJobs::SCOPE])))]
#[get("/jobs/{jobId}")]
pub async fn get_job(can: Can<ReadJobs>, id: Path<JobId>, db: Data<Db>) -> Result<Polled<Job>> {
    db.read(&can, move |conn| Polled::of(&queries::find(conn, id.into_inner())?)).await
}
