//! Offers, requests and the waiting list: hosts offer, schools ask, the bureau ranks and places.

pub mod agreements;
mod contacts;
mod corrections;
mod offer_mentors;
mod offers;
mod parts;
mod periods;
mod placing;
mod requests;
mod tasks;
mod waiting_list;
pub mod without_mandate;

use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};

use crate::students::School;
use crate::support::{Answer, TestApp, TestClient};

/// A school and the bureau of its region.
pub const SCHOOL: &str = "demo-school-roc-tilburg";
pub const BUREAU: &str = "demo-regio-midden-brabant";
pub const OTHER_SCHOOL: &str = "demo-school-scalda";
pub const OTHER_BUREAU: &str = "demo-regio-zeeland";
pub const PRACTICE: &str = "demo-praktijk-eerste-eik";
pub const FUNDER: &str = "demo-ssfh-1";

/// A school with a programme of its own, its region and the bureau.
pub struct Ground {
    pub school: School,
    pub bureau: TestClient,
    pub region: String,
}

impl Ground {
    pub async fn of(app: &TestApp) -> Self {
        let (school, bureau) = (School::of(app, SCHOOL).await, app.client(BUREAU).await);
        let region = bureau.get("/v1/me").await.is(200).text_at("/regions/0/id");
        Self { school, bureau, region }
    }

    /// Enters a student; returns its id.
    pub async fn student(&self, key: &str, more: Value) -> String {
        self.school.enter(key, more).await
    }

    pub fn body(&self, student: &str, more: &Value) -> Value {
        let mut body = json!({
            "studentId": student, "regionId": self.region, "startsOn": "2031-09-01", "endsOn": "2032-01-31",
        });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    }

    pub async fn ask(&self, student: &str, more: Value) -> Answer {
        self.school.client.post("/v1/placement-requests", &self.body(student, &more)).await
    }

    /// Ranks a request as the bureau.
    pub async fn rank(&self, request: &str, change: &Value) -> Answer {
        let etag = self.bureau.get(request).await.is(200).header("etag");
        self.bureau.patch(&format!("{request}/ranking"), &etag, change).await
    }

    /// Moves a request.
    pub async fn move_as(&self, client: &TestClient, request: &str, to: &str) -> Answer {
        let reason = if to == "withdrawn" { json!("own-place") } else { Value::Null };
        client.post(&format!("{request}/transitions"), &json!({ "to": to, "reasonCode": reason })).await
    }
}

/// Moves a request between `open` and `placed`, as the placement does and no caller can.
pub fn follow_placement(app: &TestApp, request: &str, from: &str, to: &str) {
    let id = request.rsplit('/').next().unwrap();
    let step = format!(
        "UPDATE placement_requests SET status = '{to}', version = version + 1 WHERE id = '{id}' AND status = '{from}';
         INSERT INTO placement_request_transitions (id, resource_id, from_state, to_state, effective_on)
         SELECT gen_random_uuid(), id, '{from}', '{to}', app_today() FROM placement_requests
         WHERE id = '{id}' AND status = '{to}'"
    );
    app.database.owner().batch_execute(&step).unwrap();
}
