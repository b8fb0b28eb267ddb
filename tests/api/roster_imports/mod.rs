//! Rosters: taken in as a stream, applied whole or not at all, and careful with who leaves.

mod again;
mod applying;
mod bad_files;
mod classes;
mod guard;
mod moments;
mod recipes;
mod refusals;
mod uploads;

use std::collections::BTreeSet;
use std::io::{Cursor, Write as _};
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use stagepunt::education::roster_imports::Worker;

use crate::students::{SCHOOL, School};
use crate::support::{Answer, TestApp, TestClient};

/// Another school, which has handed nothing over.
pub const NEIGHBOUR: &str = "demo-school-albeda";

/// A school that hands over rosters, and a process that applies them.
pub struct Rosters {
    _worker: Worker,
    pub app: TestApp,
    pub school: School,
}

impl Rosters {
    pub async fn start() -> Self {
        let app = TestApp::start().await;
        let school = School::of(&app, SCHOOL).await;
        let worker = Worker::start(&app.db).unwrap();
        Self { _worker: worker, app, school }
    }

    /// Hands over a CSV roster and waits for what becomes of it.
    pub async fn import(&self, query: &str, csv: &str) -> Value {
        self.import_as(query, "text/csv", csv.as_bytes().to_vec()).await
    }

    pub async fn import_as(&self, query: &str, media_type: &str, bytes: Vec<u8>) -> Value {
        let accepted = upload(&self.school.client, query, media_type, bytes).await.is(202);
        ended(&self.school.client, &accepted.header("location")).await
    }

    /// Every row that is held about students, with the transaction that wrote it.
    pub fn rows(&self) -> BTreeSet<String> {
        let rows = ["students", "student_identities", "learning_path_periods"]
            .map(|table| format!("SELECT concat('{table} ', t.xmin, ' ', t) AS value FROM {table} t"));
        crate::students::owner_reads(&self.app, &rows.join(" UNION ALL ")).into_iter().collect()
    }

    /// Key, state and version of every student of this test's programme.
    pub fn students(&self) -> Vec<String> {
        crate::students::owner_reads(
            &self.app,
            &format!(
                "SELECT concat_ws(' ', sourced_id, CASE WHEN active THEN 'active' ELSE 'inactive' END, version) AS value \
                 FROM students WHERE programme_id = '{}' ORDER BY sourced_id",
                self.school.programme
            ),
        )
    }
}

pub async fn upload(client: &TestClient, query: &str, media_type: &str, bytes: Vec<u8>) -> Answer {
    let request = client.request(Method::POST, &format!("/v1/roster-imports?scope=PROEF&{query}"));
    client.send(request.header("Content-Type", media_type).body(bytes)).await
}

/// Waits until nothing more becomes of an import.
pub async fn ended(client: &TestClient, path: &str) -> Value {
    reached(client, path, |status| !["receiving", "queued", "running"].contains(&status)).await
}

pub async fn reached(client: &TestClient, path: &str, wanted: impl Fn(&str) -> bool) -> Value {
    for _ in 0..3_000 {
        let import = client.get(path).await.is(200).json();
        if wanted(import["status"].as_str().unwrap()) {
            return import;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the import at {path} does not get there");
}

pub const HEAD: &str = "sourcedId,givenName,familyName,programmeCode";

/// A roster with these students, each with what `more` says after the four columns.
pub fn roster(head: &str, keys: &[&str], more: &str) -> String {
    let rows: Vec<String> = keys.iter().map(|key| format!("{key},Voorbeeld,Student,PROEF{more}\n")).collect();
    format!("{HEAD}{head}\n{}", rows.concat())
}

/// created, updated, unchanged, deactivated, rejected.
pub fn counts(import: &Value) -> [i64; 5] {
    ["created", "updated", "unchanged", "deactivated", "rejected"]
        .map(|name| import["progress"][name].as_i64().unwrap_or(-1))
}

/// A zip of these files.
pub fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
