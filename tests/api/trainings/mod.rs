//! Who guides interns at practices, and how they were trained for it.

mod mentor_certificates;
mod mentors;

use serde_json::{Value, json};

use crate::support::{Answer, TestApp, TestClient};

const BUREAU: &str = "demo-regio-midden-brabant";
const OTHER_BUREAU: &str = "demo-regio-zeeland";
/// Gave the bureau a mandate, but not for mentors.
const PRACTICE: &str = "demo-praktijk-eerste-eik";
/// Gave it one for mentors too.
const MANDATING: &str = "demo-praktijk-tweede-beuk";
const NEIGHBOUR: &str = "demo-praktijk-derde-linde";
const SCHOOL: &str = "demo-school-roc-tilburg";

/// A practice with a mentor of its own, and the bureau of its region.
struct Scene {
    app: TestApp,
    practice: TestClient,
    bureau: TestClient,
    body: Value,
    /// The path of the mentor.
    mentor: String,
    id: String,
}

fn with(body: &Value, more: Value) -> Value {
    let mut body = body.clone();
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

impl Scene {
    async fn of(key: &str) -> Self {
        let app = TestApp::start().await;
        let (practice, bureau) = (app.client(key).await, app.client(BUREAU).await);
        let body = json!({
            "practiceId": app.organisation_of(key).await, "givenName": "Mentor", "familyName": "Voorbeeld-Negen",
            "workEmail": "mentor-negen@example.org", "profession": "doctors-assistant",
        });
        let made = practice.post("/v1/mentors", &body).await.is(201);
        let (mentor, id) = (made.header("location"), made.text_at("/id"));
        Self { app, practice, bureau, body, mentor, id }
    }

    async fn start() -> Self {
        Self::of(PRACTICE).await
    }

    async fn enter(&self, more: Value) -> Answer {
        self.practice.post("/v1/mentors", &with(&self.body, more)).await
    }

    /// Records a certificate of the mentor as this client.
    async fn certify(&self, client: &TestClient, more: Value) -> Answer {
        let body = json!({ "mentorId": self.id, "issuer": "Voorbeeldopleider Toets", "issuedOn": "2020-02-03" });
        client.post("/v1/mentor-certificates", &with(&body, more)).await
    }

    /// Ends the membership of the practice in its region.
    async fn leave_the_region(&self) {
        let region = self.bureau.get("/v1/me").await.is(200).text_at("/regions/0/id");
        let path = format!("/v1/regions/{region}/memberships");
        let query = format!("{path}?organisationId={}", self.body["practiceId"].as_str().unwrap());
        let membership = self.bureau.get(&query).await.is(200).text_at("/items/0/id");
        let end = json!({ "effectiveTo": "2021-06-01" });
        self.bureau.change(&format!("{path}/{membership}"), &end).await.is(200);
    }
}
