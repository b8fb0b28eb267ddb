//! What the contract proposes to send: its examples, together.

use std::collections::BTreeSet;

use super::{WALKERS, Walk, absent, role_of};
use crate::support::TestApp;

/// Faults of an example that refers to what need not be there.
const OF_WHAT_IT_REFERS_TO: [&str; 2] = ["unknown-reference", "not-a-host"];

#[actix_web::test]
async fn whoever_sends_the_examples_is_understood() {
    let walk = Walk::of(TestApp::start_in_2019().await).await;
    let (mut sent, mut faults) = (0, BTreeSet::new());
    for operation in &walk.operations {
        let Some((_, schema)) = &operation.body else { continue };
        let Some(key) = WALKERS.into_iter().find(|key| operation.allows(&role_of(key))) else { continue };
        let caller = walk.app.client(key).await;
        let request = operation.request(&caller, &absent(operation), "\"1-x\"");
        let answer = caller.send(request.body(walk.sampler.proposed(schema).to_string())).await;
        for fault in answer.json()["errors"].as_array().into_iter().flatten() {
            if fault["in"] == "body" && !OF_WHAT_IT_REFERS_TO.iter().any(|code| fault["code"] == *code) {
                faults.insert(format!("{operation}: {} {}", fault["pointer"], fault["detail"]));
            }
        }
        sent += 1;
    }
    assert_eq!(faults, BTreeSet::new());
    assert!(sent > 80, "only {sent} operations take a body");
}
