//! The trail behind every test: what was changed through the API has a row in `audit_events` under
//! the answer's `X-Request-Id`. It is looked up when the test's service ends.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use chrono::{DateTime, Utc};
use diesel::{Connection, PgConnection};
use reqwest::{Method, Request};

use super::answer::Answer;
use super::cluster::Database;
use super::identity::texts;

/// What a request asked for, as far as the trail goes.
pub struct Asked {
    method: Method,
    path: String,
    key: Option<String>,
    at: DateTime<Utc>,
}

impl Asked {
    pub fn of(request: &Request) -> Self {
        let key = request.headers().get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
        Self { method: request.method().clone(), path: request.url().path().to_owned(), key, at: Utc::now() }
    }

    /// Whether it changes anything when it is answered well.
    fn changes(&self) -> bool {
        let last = self.path.rsplit('/').next().unwrap_or_default();
        // A search is a question whose words should not stand in a URL; a token is signed, not kept.
        !self.method.is_safe() && !last.starts_with('_') && self.path != "/oauth/token"
    }

    /// Whether the answer shows what was there before: whoever says the same again changes nothing.
    fn found_it_so(&self, answer: &Answer) -> bool {
        let body = answer.json();
        let stamps = ["updatedAt", "recordedAt", "supersededAt"].iter().filter_map(|stamp| body[*stamp].as_str());
        let last = stamps.filter_map(|moment| DateTime::parse_from_rfc3339(moment).ok()).max();
        [Method::PUT, Method::PATCH].contains(&self.method) && last.is_some_and(|last| last < self.at)
    }

    /// By what a change is known again: of repetitions under one key, and of parallel requests that are
    /// shown one and the same version, one made it, whichever is heard first.
    fn change(&self, answer: &Answer) -> String {
        let tag = answer.headers.get("etag").filter(|_| [Method::PUT, Method::PATCH].contains(&self.method));
        let same = self.key.as_deref().or_else(|| tag.and_then(|tag| tag.to_str().ok()));
        same.map_or_else(|| answer.header("x-request-id"), |same| format!("{} {same}", self.path))
    }
}

/// What was changed, and the request ids of which one has to be found again.
#[derive(Default)]
pub struct Trail(Mutex<BTreeMap<String, (String, BTreeSet<String>)>>);

impl Trail {
    /// Takes notice of an answer.
    pub fn hear(&self, asked: Asked, answer: &Answer) {
        if answer.status.is_success() && asked.changes() && !asked.found_it_so(answer) {
            let mut changes = self.0.lock().unwrap();
            let change = changes.entry(asked.change(answer)).or_default();
            change.0 = format!("{} {}: {}", asked.method, asked.path, answer.status);
            change.1.insert(answer.header("x-request-id"));
        }
    }

    /// Every change that left no row.
    pub fn missing(&self, database: &Database) -> Vec<String> {
        let changes = self.0.lock().unwrap();
        if changes.is_empty() {
            return Vec::new();
        }
        // A database that was locked out on purpose tells nothing.
        let Ok(mut owner) = PgConnection::establish(&database.owner_url) else { return Vec::new() };
        let ids = "SELECT DISTINCT request_id AS value FROM audit_events WHERE request_id IS NOT NULL";
        let recorded: BTreeSet<String> = texts(&mut owner, ids).into_iter().collect();
        let unrecorded = changes.values().filter(|(_, ids)| ids.is_disjoint(&recorded));
        unrecorded.map(|(what, _)| what.clone()).collect()
    }
}
