//! Education: programmes, cohorts with their counts, expectation profiles and hour norms.

mod cohorts;
mod expectation_profiles;
mod hour_norms;
mod programmes;

use serde_json::{Value, json};

use crate::support::TestApp;

const SCHOOL: &str = "demo-school-roc-tilburg";
const OTHER_SCHOOL: &str = "demo-school-scalda";
const BUREAU: &str = "demo-regio-midden-brabant";
const OTHER_BUREAU: &str = "demo-regio-zeeland";
const PRACTICE: &str = "demo-praktijk-eerste-eik";
const FUNDER: &str = "demo-ssfh-1";

/// The id of the first qualification that this query finds.
async fn qualification(app: &TestApp, query: &str) -> String {
    app.client(SCHOOL).await.get(&format!("/v1/qualifications?{query}")).await.is(200).text_at("/items/0/id")
}

/// A programme of doctor's assistants that the demo world does not have.
async fn new_programme(app: &TestApp) -> Value {
    json!({
        "code": "PROEF", "name": "Proefopleiding", "qualificationId": qualification(app, "framework=mbo").await,
        "learningPaths": ["bol", "bbl"], "studyYears": 3,
    })
}
