//! The ground: organisations with their sites, recognitions and hosting intents, and the feeds.

mod feed;
mod hosting_intents;
mod organisations;
mod recognitions;
mod sites;

use crate::support::{TestApp, TestClient};

/// Clients of the demo world: two regions, each with a bureau and a practice, and a school.
pub const PLATFORM: &str = "demo-platform";
pub const BUREAU: &str = "demo-regio-midden-brabant";
pub const OTHER_BUREAU: &str = "demo-regio-zeeland";
pub const PRACTICE: &str = "demo-praktijk-eerste-eik";
pub const OTHER_PRACTICE: &str = "demo-praktijk-eerste-duin";
pub const SCHOOL: &str = "demo-school-roc-tilburg";
pub const FUNDER: &str = "demo-ssfh-1";

/// A resource nobody made.
pub const NOBODY: &str = "01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11";

/// The region a client belongs to.
pub async fn region_of(client: &TestClient) -> String {
    client.get("/v1/me").await.is(200).text_at("/regions/0/id")
}

/// The id of a qualification of doctor's assistants.
pub async fn qualification(app: &TestApp) -> String {
    let known = app.client(PLATFORM).await.get("/v1/qualifications?profession=doctors-assistant").await.is(200);
    known.text_at("/items/0/id")
}
