//! Students: entered by their school, seen by few, and never with a BSN.

mod bsn;
mod learning_paths;
mod puts;
mod reads;

use diesel::{Connection as _, PgConnection};
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, TestClient, texts};

/// Two schools of different regions.
pub const SCHOOL: &str = "demo-school-roc-tilburg";
pub const OTHER_SCHOOL: &str = "demo-school-scalda";
/// Everybody else.
pub const PRACTICE: &str = "demo-praktijk-eerste-eik";
pub const BUREAU: &str = "demo-regio-midden-brabant";
pub const FUNDER: &str = "demo-ssfh-1";
pub const PLATFORM: &str = "demo-platform";

/// A school with a programme of its own.
pub struct School {
    pub client: TestClient,
    pub id: String,
    pub programme: String,
    pub cohort: String,
}

impl School {
    pub async fn of(app: &TestApp, key: &str) -> Self {
        let client = app.client(key).await;
        let known = client.get("/v1/qualifications?profession=doctors-assistant").await.is(200);
        let programme = json!({
            "code": "PROEF",
            "name": "Doktersassistent, proef",
            "qualificationId": known.text_at("/items/0/id"),
            "learningPaths": ["bol", "bbl"],
            "studyYears": 3,
        });
        let programme = client.post("/v1/programmes", &programme).await.is(201).text_at("/id");
        let cohort = json!({ "programmeId": programme, "schoolYear": "2018-2019", "form": "shortened" });
        let cohort = client.post("/v1/cohorts", &cohort).await.is(201).text_at("/id");
        let id = app.organisation_of(key).await;
        Self { client, id, programme, cohort }
    }

    pub fn path(&self, key: &str) -> String {
        format!("/v1/schools/{}/students/{key}", self.id)
    }

    pub async fn put(&self, key: &str, more: Value) -> Answer {
        self.client.put(&self.path(key), &student(more)).await
    }

    /// Enters a student; returns its id.
    pub async fn enter(&self, key: &str, more: Value) -> String {
        self.put(key, more).await.is(201).text_at("/id")
    }
}

/// The least that is said of a student, and more.
pub fn student(more: Value) -> Value {
    let mut body = json!({ "givenName": "Voorbeeld", "familyName": "Honderd", "programmeCode": "PROEF" });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// What the owner reads; the query names its column `value`.
pub fn owner_reads(app: &TestApp, sql: &str) -> Vec<String> {
    texts(&mut PgConnection::establish(&app.database.owner_url).unwrap(), sql)
}

/// How many audit events there are.
pub fn audited(app: &TestApp) -> usize {
    owner_reads(app, "SELECT id::text AS value FROM audit_events").len()
}
