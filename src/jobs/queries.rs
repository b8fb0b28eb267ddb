//! Jobs of one's own organisation.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::model::{Job, JobFilter, JobStatus, Progress};
use crate::db::Conn;
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::ids::JobId;
use crate::schema::jobs;

#[derive(Queryable, Selectable)]
#[diesel(table_name = jobs)]
struct Row {
    id: JobId,
    kind: String,
    status: JobStatus,
    progress_done: i64,
    progress_total: Option<i64>,
    error_code: Option<String>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

impl From<Row> for Job {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            status: row.status,
            progress: Progress { done: row.progress_done, total: row.progress_total },
            error_code: row.error_code,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            finished_at: row.finished_at,
        }
    }
}

pub(super) fn find(conn: &mut Conn, id: JobId) -> Result<Job> {
    Ok(jobs::table.find(id).select(Row::as_select()).first(conn)?.into())
}

pub(super) fn list(conn: &mut Conn, filter: &JobFilter, paging: &Paging<JobId>) -> Result<Vec<Job>> {
    let states = filter.status.map_or_else(|| vec![JobStatus::Queued, JobStatus::Running], |status| vec![status]);
    let mut query = jobs::table
        .select(Row::as_select())
        .filter(jobs::status.eq_any(states))
        .order(jobs::id.desc())
        .limit(paging.fetch())
        .into_boxed();
    if let Some(before) = paging.after {
        query = query.filter(jobs::id.lt(before));
    }
    Ok(query.load(conn)?.into_iter().map(Job::from).collect())
}
