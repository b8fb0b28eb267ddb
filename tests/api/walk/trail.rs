//! A change and its row in the trail are one: where the row cannot be written, nothing happens.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection as _;

use super::{Rows, WALKERS, Walk, role_of};
use crate::support::TestApp;

#[actix_web::test]
async fn what_cannot_be_written_into_the_trail_does_not_happen() {
    let walk = Walk::of(TestApp::start_in_2019().await).await;
    let rows = Rows::of(&walk.app.database);
    let untraceable = "REVOKE INSERT ON audit_events FROM stagepunt_app";
    walk.app.database.owner().batch_execute(untraceable).unwrap();
    let mut stopped = BTreeSet::new();
    for key in WALKERS {
        let caller = walk.app.client(key).await;
        for operation in walk.operations.iter().filter(|operation| operation.names_a_row() && operation.changes()) {
            if stopped.contains(&operation.to_string()) {
                continue;
            }
            let Some(own) = operation.allows(&role_of(key)).then(|| rows.changeable(operation, key)).flatten() else {
                continue;
            };
            let before = rows.digest(&own);
            let answer = walk.send(&caller, operation, &own.ids, "*").await;
            assert_eq!(rows.digest(&own), before, "{operation} by {key}: {}", answer.status);
            if answer.status == 500 {
                stopped.insert(operation.to_string());
            }
        }
    }
    assert!(stopped.len() > 25, "only {stopped:?} came as far as the trail");
}
