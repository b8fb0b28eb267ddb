//! A job on the wire.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::page::Filter;
use crate::http::poll::Unfinished;
use crate::http::reply::Resource;
use crate::kernel::ids::JobId;

crate::code_lists! {
    /// Where a job stands.
    JobStatus "job-status" {
        Queued "queued" "In de wachtrij" "Waiting for its turn";
        Running "running" "Bezig" "Running";
        Done "done" "Klaar" "Done";
        Failed "failed" "Mislukt" "Failed: nothing of it took effect";
        Cancelled "cancelled" "Afgebroken" "Cancelled: nothing of it took effect";
    }
}

crate::pages! {
    JobPage of Job;
}

/// How far a job is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Progress {
    /// Units done.
    #[schema(minimum = 0)]
    pub done: i64,
    /// Units in all, once known.
    #[schema(minimum = 0)]
    pub total: Option<i64>,
}

/// Work that outlasts its request (taak op de achtergrond).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// Identifies the job.
    pub id: JobId,
    /// What kind of work.
    #[schema(max_length = 64)]
    pub kind: String,
    /// Where it stands.
    pub status: JobStatus,
    /// How far it is.
    pub progress: Progress,
    /// Why it failed, as a stable code.
    #[schema(max_length = 64)]
    pub error_code: Option<String>,
    /// Counts changes of the job.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was accepted.
    pub created_at: DateTime<Utc>,
    /// When it last moved.
    pub updated_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

impl Resource for Job {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/jobs/{}", self.id)
    }
}

impl Unfinished for Job {
    fn is_unfinished(&self) -> bool {
        matches!(self.status, JobStatus::Queued | JobStatus::Running)
    }
}

/// Which jobs to list, newest first.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct JobFilter {
    /// Only in this state; the unfinished ones when absent.
    #[param(inline)]
    pub status: Option<JobStatus>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for JobFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}
