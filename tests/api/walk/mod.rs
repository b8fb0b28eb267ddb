//! The walk: every operation of the contract × every role × own, foreign, absent and malformed
//! objects. It reads the contract and the catalogue of the database, so a new slice is walked
//! without a line of its own; an operation it cannot place fails the test.

mod bodies;
mod examples;
mod operations;
mod queries;
mod rows;
mod trail;
mod versions;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use stagepunt::auth::permissions::TABLE;
use stagepunt::kernel::coded::Coded;

use crate::links::link_for;
use crate::support::{Answer, Cluster, TestApp, TestClient};
pub use bodies::Sampler;
pub use operations::Operation;
use operations::{names_by_id, read_operations};
pub use rows::{Rows, Target, snake};

/// Clients of the demo world that walk: at least one per role, with own and foreign rows each.
pub const WALKERS: [&str; 11] = [
    "demo-platform",
    "demo-ssfh-1",
    "demo-demofonds",
    "demo-regio-midden-brabant",
    "demo-regio-zeeland",
    "demo-school-roc-tilburg",
    "demo-school-scalda",
    "demo-praktijk-gezond-op-zuid",
    "demo-praktijk-nieuwe-waterweg",
    "demo-praktijk-eerste-eik",
    "demo-praktijk-tweede-beuk",
];

/// A malformed identifier of every kind.
const MALFORMED: [&str; 3] = ["not-an-id", "00000000-0000-0000-0000-00000000000g", "%00"];

/// A running service with everything it can be asked.
pub struct Walk {
    pub app: TestApp,
    pub operations: Vec<Operation>,
    pub sampler: Sampler,
}

impl Walk {
    pub async fn start() -> Self {
        Self::of(TestApp::start().await).await
    }

    /// On this service.
    pub async fn of(app: TestApp) -> Self {
        let contract = app.anyone().get("/v1/openapi.json").await.is(200).json();
        Self { operations: read_operations(&contract), sampler: Sampler::new(contract), app }
    }

    /// Sends the operation with a schema-valid body; the rest as [`Operation::request`] takes it.
    pub async fn send(
        &self,
        caller: &TestClient,
        operation: &Operation,
        ids: &BTreeMap<String, String>,
        etag: &str,
    ) -> Answer {
        let request = operation.request(caller, ids, etag);
        let Some((_, schema)) = &operation.body else { return caller.send(request).await };
        // Which steps a caller may ask for is decided before anybody looks for the row: the first that it may.
        let mut bodies = self.sampler.steps(schema);
        loop {
            let body = bodies.pop_front().unwrap_or_else(|| self.sampler.sample(schema));
            let again = request.try_clone().unwrap();
            let answer = caller.send(again.body(body.to_string())).await;
            if bodies.is_empty() || answer.status != 403 || answer.json()["code"] != "scope-missing" {
                return answer;
            }
        }
    }
}

fn roles_of(scope: &str) -> Vec<&'static str> {
    let grant = TABLE.iter().find(|grant| grant.scope == scope);
    let grant = grant.unwrap_or_else(|| panic!("the contract names the scope {scope}, the permission table does not"));
    grant.roles.iter().map(|role| role.code()).collect()
}

pub fn absent(operation: &Operation) -> BTreeMap<String, String> {
    let id = || uuid::Uuid::now_v7().to_string();
    operation
        .parameters
        .iter()
        .map(|name| (name.clone(), if names_by_id(name) { id() } else { "2018-2019".to_owned() }))
        .collect()
}

#[actix_web::test]
async fn without_a_token_only_public_operations_answer() {
    let walk = Walk::start().await;
    let anyone = walk.app.anyone();
    for operation in &walk.operations {
        let answer = walk.send(&anyone, operation, &absent(operation), "\"1-x\"").await;
        if operation.is_public() {
            assert!(operation.is_declared_public(), "{operation}: public, but not on the list of public operations");
            assert_ne!(answer.status, 401, "{operation}");
        } else {
            answer.is_problem(401, "invalid-token");
        }
    }
}

#[actix_web::test]
async fn a_link_opens_what_is_for_links_and_nothing_else() {
    let walk = Walk::start().await;
    let good = link_for(&walk.app, "demo-school-roc-tilburg", uuid::Uuid::now_v7()).await.unwrap();
    let mut opened = 0;
    for operation in walk.operations.iter().filter(|operation| !operation.is_public()) {
        let with = async |token: &str| {
            let caller = walk.app.anyone();
            let request = caller.request(operation.method.clone(), &operation.path_with(&absent(operation)));
            caller.send(request.header("Authorization", format!("Link {token}"))).await
        };
        with("c3RvbGVu").await.is_problem(401, "invalid-token");
        if operation.by_link {
            with(&"A".repeat(43)).await.is_problem(401, "invalid-token");
            let status = with(good.reveal()).await.status;
            assert!(![401, 403].contains(&status.as_u16()), "{operation}: a good link got {status}");
            for key in WALKERS {
                let caller = walk.app.client(key).await;
                walk.send(&caller, operation, &absent(operation), "\"1-x\"").await.is_problem(403, "link-needed");
            }
            opened += 1;
        } else {
            with(&"A".repeat(43)).await.is_problem(403, "scope-missing");
            with(good.reveal()).await.is_problem(403, "scope-missing");
        }
    }
    assert!(opened > 0, "nothing is for links");
}

#[actix_web::test]
async fn a_role_without_the_scope_hears_403_before_any_look_up() {
    let walk = Walk::start().await;
    for key in WALKERS {
        let caller = walk.app.client(key).await;
        let role = role_of(key);
        for operation in walk.operations.iter().filter(|operation| !operation.scopes.is_empty()) {
            let lacking: Vec<&String> =
                operation.scopes.iter().filter(|scope| !roles_of(scope).contains(&role.as_str())).collect();
            if lacking.is_empty() {
                continue;
            }
            // Neither the body nor the id is looked at: both are wrong here.
            let ids = operation.parameters.iter().map(|name| (name.clone(), "not-an-id".to_owned())).collect();
            let request = caller.request(operation.method.clone(), &operation.path_with(&ids)).body("no json");
            let answer = caller.send(request).await.is_problem(403, "scope-missing");
            assert_eq!(&answer.text_at("/scope"), lacking[0], "{operation} by {key}");
        }
    }
}

#[actix_web::test]
async fn what_is_foreign_answers_exactly_like_what_is_not_there() {
    let walk = Walk::start().await;
    let rows = Rows::of(&walk.app.database);
    let mut walked = BTreeSet::new();
    let mut other_than_404 = BTreeSet::new();
    for key in WALKERS {
        let caller = walk.app.client(key).await;
        for operation in walk.operations.iter().filter(|operation| operation.names_a_row()) {
            if !operation.allows(&role_of(key)) {
                continue;
            }
            let Some(foreign) = rows.foreign(operation, key) else { continue };
            let elsewhere = foreign.ids_with_another_last(operation);
            let nowhere = comparable(&walk.send(&caller, operation, &elsewhere, "\"1-x\"").await, operation);
            let before = rows.digest(&foreign);
            let answer = walk.send(&caller, operation, &foreign.ids, "\"1-x\"").await;
            assert_eq!(
                comparable(&answer, operation),
                nowhere,
                "{operation} by {key}: {}",
                String::from_utf8_lossy(&answer.body)
            );
            assert_eq!(rows.digest(&foreign), before, "{operation} by {key} changed a foreign row");
            // Some steps need a scope of their own, which is missing before anybody looks; and what a row
            // is part of may be there to see, but not to change.
            let code = answer.json()["code"].clone();
            let is_part = operation.parameters.len() > 1;
            if answer.status != 404 && code != "scope-missing" && !(is_part && code == "not-permitted-on-resource") {
                other_than_404.insert(format!("{operation}: {}", answer.status));
            }
            walked.insert(operation.to_string());
        }
    }
    assert_eq!(other_than_404, BTreeSet::new(), "refused before anybody looked for the row");
    // What is left is shown to everybody who may look at all: `docs/row-visibility.txt` says to how many rows of it.
    let all = walk.operations.iter().filter(|operation| operation.names_a_row());
    let unplaced = all.filter(|operation| {
        let may = |key: &&str| operation.allows(&role_of(key));
        !walked.contains(&operation.to_string()) && (rows.are_none(operation) || !WALKERS.iter().any(may))
    });
    let unplaced: Vec<_> = unplaced.map(ToString::to_string).collect();
    // The demo world trusts no issuer.
    assert_eq!(unplaced, ["GET /v1/token-issuers/{issuerId}", "PATCH /v1/token-issuers/{issuerId}"]);
}

#[actix_web::test]
async fn what_may_be_seen_but_not_changed_answers_403_and_stays() {
    let walk = Walk::start().await;
    let rows = Rows::of(&walk.app.database);
    let mut walked = BTreeSet::new();
    for key in WALKERS {
        let caller = walk.app.client(key).await;
        for operation in walk.operations.iter().filter(|operation| operation.names_a_row() && operation.changes()) {
            let Some(visible) = operation.allows(&role_of(key)).then(|| rows.visible_only(operation, key)).flatten()
            else {
                continue;
            };
            let before = rows.digest(&visible);
            let answer = walk.send(&caller, operation, &visible.ids, "\"1-x\"").await;
            let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
            assert!(
                answer.status == 403
                    && ["not-permitted-on-resource", "mandate-missing", "scope-missing", "not-yours-to-sign"]
                        .contains(&code.as_str()),
                "{operation} by {key}: {} {code} {}",
                answer.status,
                answer.json()["errors"]
            );
            assert_eq!(rows.digest(&visible), before, "{operation} by {key} changed a row that is not its own");
            walked.insert(operation.to_string());
        }
    }
    assert!(walked.len() > 40, "only of {walked:?} rows were walked that may be seen but not changed");
}

#[actix_web::test]
async fn what_is_ones_own_can_be_read() {
    let walk = Walk::of(TestApp::start_in_2019().await).await;
    let rows = Rows::of(&walk.app.database);
    let mut seen: BTreeMap<String, bool> = BTreeMap::new();
    for key in WALKERS {
        let caller = walk.app.client(key).await;
        for operation in
            walk.operations.iter().filter(|operation| operation.reads_a_row() && operation.allows(&role_of(key)))
        {
            let Some(Target { ids, .. }) = rows.visible(operation, key) else {
                seen.entry(operation.to_string()).or_insert(false);
                continue;
            };
            if operation.template.ends_with("/student") {
                // A name is shown for a time only; of some rows it still is.
                let mut shown = false;
                for target in rows.some_visible(operation, key, 60) {
                    shown = shown || walk.send(&caller, operation, &target.ids, "").await.status == 200;
                }
                assert!(shown, "{operation} by {key}");
            } else {
                walk.send(&caller, operation, &ids, "").await.is(200);
            }
            seen.insert(operation.to_string(), true);
        }
    }
    let never: Vec<_> = seen.iter().filter(|(_, seen)| !**seen).map(|(operation, _)| operation).collect();
    // The demo world trusts no issuer.
    assert_eq!(never, ["GET /v1/token-issuers/{issuerId}"], "no walker could read one of its own");
}

#[actix_web::test]
async fn a_malformed_id_is_a_fault_that_names_the_parameter() {
    let walk = Walk::start().await;
    for key in WALKERS {
        let caller = walk.app.client(key).await;
        for operation in
            walk.operations.iter().filter(|operation| operation.names_a_row() && operation.allows(&role_of(key)))
        {
            for malformed in MALFORMED {
                let ids = operation.parameters.iter().map(|name| (name.clone(), malformed.to_owned())).collect();
                let answer = walk.send(&caller, operation, &ids, "\"1-x\"").await.is(400);
                assert_eq!(answer.json()["errors"][0]["in"], "path", "{operation}");
            }
        }
    }
}

/// Status and body without what differs for every request.
fn comparable(answer: &Answer, operation: &Operation) -> (u16, Value) {
    let mut body = answer.json();
    if let Some(body) = body.as_object_mut() {
        body.remove("requestId");
        body.remove("instance");
    }
    assert_ne!(answer.status, 500, "{operation}: {body}");
    (answer.status.as_u16(), body)
}

pub fn role_of(key: &str) -> String {
    let client = Cluster::shared().clients.iter().find(|client| client.key == key);
    client.unwrap_or_else(|| panic!("the demo world has no client {key}")).role.clone()
}
