//! The parts of an initiative, its copies and the public catalogue. What holds for every part is
//! tested here, on all of them; what is particular has a file of its own.

mod barriers;
mod catalogue;
mod copies;
mod deliverables;
mod milestones;
mod partners;

use serde_json::{Value, json};

use crate::support::{TestApp, TestClient};

/// An initiative in Midden-Brabant, and who looks at it.
pub struct Scene {
    pub app: TestApp,
    /// The bureau of the region.
    pub bureau: TestClient,
    /// The practice that leads the initiative.
    pub lead: TestClient,
    /// Another practice of the region.
    pub neighbour: TestClient,
    /// The bureau of another region.
    pub elsewhere: TestClient,
    pub region: String,
    pub lead_organisation: String,
    /// Path of the initiative.
    pub path: String,
}

impl Scene {
    /// The initiative as a draft.
    pub async fn draft() -> Self {
        Self::with(json!({ "code": "proef", "title": "Proef met stages" })).await
    }

    /// The initiative with these properties, as a draft.
    pub async fn with(mut properties: Value) -> Self {
        let app = TestApp::start().await;
        let (bureau, elsewhere) =
            (app.client("demo-regio-midden-brabant").await, app.client("demo-regio-zeeland").await);
        let lead = app.client("demo-praktijk-eerste-eik").await;
        let neighbour = app.client("demo-praktijk-tweede-beuk").await;
        let region = bureau.get("/v1/me").await.is(200).text_at("/regions/0/id");
        let lead_organisation = app.organisation_of("demo-praktijk-eerste-eik").await;
        properties["regionId"] = json!(region);
        properties["leadOrganisationId"] = json!(lead_organisation);
        let path = bureau.post("/v1/initiatives", &properties).await.is(201).header("location");
        Self { app, bureau, lead, neighbour, elsewhere, region, lead_organisation, path }
    }

    /// Moves the initiative through these states.
    pub async fn moved(self, states: &[&str]) -> Self {
        self.moves(states).await;
        self
    }

    pub async fn moves(&self, states: &[&str]) {
        for state in states {
            self.bureau.post(&format!("{}/transitions", self.path), &json!({ "to": state })).await.is(200);
        }
    }

    /// Another initiative beside it.
    pub async fn another(&self, code: &str) -> String {
        let properties = json!({
            "code": code, "title": "Een andere proef", "regionId": self.region, "leadOrganisationId": self.lead_organisation,
        });
        self.bureau.post("/v1/initiatives", &properties).await.is(201).header("location")
    }

    pub fn parts(&self, kind: &str) -> String {
        format!("{}/{kind}", self.path)
    }

    /// One part of each kind: its collection, how it is entered, and a change to it.
    pub async fn one_of_each(&self) -> [(&'static str, Value, Value); 4] {
        let partner = self.app.organisation_of("demo-school-roc-tilburg").await;
        [
            (
                "partners",
                json!({ "organisationId": partner, "role": "education", "effectiveFrom": "2018-07-01" }),
                json!({ "role": "advisor" }),
            ),
            ("milestones", json!({ "title": "Stagebureau geopend" }), json!({ "dueOn": "2018-09-01" })),
            ("deliverables", json!({ "kind": "process", "title": "Werkwijze" }), json!({ "dueOn": "2018-12-01" })),
            (
                "barriers",
                json!({ "title": "Te weinig tijd", "effectiveFrom": "2018-07-01" }),
                json!({ "action": "Andere dagen zoeken" }),
            ),
        ]
    }
}

#[actix_web::test]
async fn lead_and_bureau_write_parts_and_others_who_see_the_initiative_do_not() {
    let scene = Scene::draft().await.moved(&["submitted"]).await;
    for (kind, new, change) in scene.one_of_each().await {
        let parts = scene.parts(kind);
        let part = scene.lead.post(&parts, &new).await.is(201);
        let path = part.header("location");
        assert!(path.starts_with(&parts), "{path}");
        assert_eq!(scene.neighbour.get(&path).await.is(200).json(), part.json());
        scene.bureau.change(&path, &change).await.is(200);

        let etag = scene.neighbour.get(&path).await.is(200).header("etag");
        assert_eq!(scene.neighbour.get(&parts).await.is(200).items().len(), 1);
        scene.neighbour.post(&parts, &new).await.is_problem(403, "not-permitted-on-resource");
        scene.neighbour.patch(&path, &etag, &change).await.is_problem(403, "not-permitted-on-resource");
        scene.elsewhere.get(&parts).await.is_problem(404, "not-found");
        scene.elsewhere.get(&path).await.is_problem(404, "not-found");
        scene.elsewhere.post(&parts, &new).await.is_problem(404, "not-found");
        scene.elsewhere.patch(&path, &etag, &change).await.is_problem(404, "not-found");
        let fund = scene.app.client("demo-ssfh-1").await;
        fund.post(&parts, &new).await.is_problem(403, "scope-missing");
        scene.app.anyone().get(&parts).await.is(401);
        if kind != "barriers" {
            scene.neighbour.delete(&path, &etag).await.is_problem(403, "not-permitted-on-resource");
            scene.elsewhere.delete(&path, &etag).await.is_problem(404, "not-found");
            scene.lead.delete(&path, &etag).await.is(204);
            scene.lead.get(&path).await.is_problem(404, "not-found");
        }
    }
}

#[actix_web::test]
async fn a_part_is_found_under_its_own_initiative_only() {
    let scene = Scene::draft().await.moved(&["submitted"]).await;
    let another = scene.another("andere").await;
    for (kind, new, change) in scene.one_of_each().await {
        let part = scene.bureau.post(&scene.parts(kind), &new).await.is(201);
        let wrong = format!("{another}/{kind}/{}", part.text_at("/id"));
        scene.bureau.get(&wrong).await.is_problem(404, "not-found");
        scene.bureau.patch(&wrong, &part.header("etag"), &change).await.is_problem(404, "not-found");
        scene.bureau.delete(&wrong, &part.header("etag")).await.is(if kind == "barriers" { 405 } else { 404 });
        let absent = format!("{}/{kind}/01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11", scene.path);
        scene.neighbour.patch(&absent, "*", &change).await.is_problem(404, "not-found");
        scene.bureau.patch(&absent, "*", &change).await.is_problem(404, "not-found");
    }
}

#[actix_web::test]
async fn parts_of_an_initiative_that_has_ended_stay_as_they_were() {
    let scene = Scene::draft().await;
    let mut parts = Vec::new();
    for (kind, new, change) in scene.one_of_each().await {
        let part = scene.bureau.post(&scene.parts(kind), &new).await.is(201);
        parts.push((kind, new, change, part));
    }
    scene.moves(&["withdrawn"]).await;
    for (kind, new, change, part) in parts {
        let (path, etag) = (part.header("location"), part.header("etag"));
        scene.bureau.post(&scene.parts(kind), &new).await.is_problem(409, "ended");
        scene.bureau.patch(&path, &etag, &change).await.is_problem(409, "ended");
        if kind != "barriers" {
            scene.bureau.delete(&path, &etag).await.is_problem(409, "ended");
        }
        assert_eq!(scene.bureau.get(&path).await.is(200).json(), part.json());
    }
}

#[actix_web::test]
async fn a_part_changes_in_the_version_that_was_read_only() {
    let scene = Scene::draft().await;
    for (kind, new, change) in scene.one_of_each().await {
        let part = scene.bureau.post(&scene.parts(kind), &new).await.is(201);
        let (path, etag) = (part.header("location"), part.header("etag"));
        let bare = scene.bureau.request(reqwest::Method::PATCH, &path);
        let bare = bare.header("Content-Type", "application/merge-patch+json").body(change.to_string());
        scene.bureau.send(bare).await.is_problem(428, "if-match-required");
        let changed = scene.bureau.patch(&path, &etag, &change).await.is(200);
        assert_eq!(changed.json()["version"], 2);
        scene.bureau.patch(&path, &etag, &change).await.is_problem(412, "version-mismatch");
        assert_eq!(scene.bureau.get(&path).await.is(200).header("etag"), changed.header("etag"));
        if kind != "barriers" {
            scene.bureau.delete(&path, &etag).await.is_problem(412, "version-mismatch");
        }
    }
}

#[actix_web::test]
async fn a_repeated_post_enters_a_part_once() {
    let scene = Scene::draft().await;
    for (kind, new, _) in scene.one_of_each().await {
        let parts = scene.parts(kind);
        let first = scene.bureau.post_once(&parts, kind, &new).await.is(201);
        let again = scene.bureau.post_once(&parts, kind, &new).await.is(201);
        assert_eq!(first.body, again.body);
        assert_eq!(scene.bureau.get(&parts).await.is(200).items().len(), 1);
    }
}

#[actix_web::test]
async fn parts_come_in_pages() {
    let scene = Scene::draft().await;
    let parts = scene.parts("milestones");
    for title in ["Een", "Twee", "Drie"] {
        scene.bureau.post(&parts, &json!({ "title": title })).await.is(201);
    }
    let first = scene.bureau.get(&format!("{parts}?limit=2")).await.is(200);
    let cursor = first.text_at("/nextCursor");
    let second = scene.bureau.get(&format!("{parts}?limit=2&cursor={cursor}")).await.is(200);
    assert_eq!(second.json()["nextCursor"], Value::Null);
    let titles: Vec<Value> =
        [first.items(), second.items()].concat().into_iter().map(|item| item["title"].clone()).collect();
    assert_eq!(titles, ["Een", "Twee", "Drie"]);
    let elsewhere = format!("{}/milestones?limit=2&cursor={cursor}", scene.another("andere").await);
    scene.bureau.get(&elsewhere).await.is_problem(400, "invalid-cursor");
}
