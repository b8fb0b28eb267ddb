//! The parts of a placement: what its three sides say of it, correct and follow up.

mod attendance;
mod compliance_items;
mod contact_moments;
mod evaluations;
mod outcomes;
mod signals;

use diesel::connection::SimpleConnection as _;

use super::placing::Scene;
use super::{FUNDER, OTHER_BUREAU, OTHER_SCHOOL};

/// Clients who are no side of the placement and hold the scope to read it.
const STRANGERS: [&str; 3] = [OTHER_BUREAU, OTHER_SCHOOL, "demo-praktijk-tweede-beuk"];

/// Three sides read `path`; nobody else does, and the funder has no such right at all.
async fn is_for_three_sides_only(scene: &Scene, path: &str) {
    for side in [&scene.practice, &scene.ground.bureau, &scene.ground.school.client] {
        side.get(path).await.is(200);
    }
    for stranger in STRANGERS {
        scene.app.client(stranger).await.get(path).await.is_problem(404, "not-found");
    }
    scene.app.client(FUNDER).await.get(path).await.is_problem(403, "scope-missing");
}

/// The placement was completed on this day, whatever it still needed.
fn completed(scene: &Scene, path: &str, on: &str) {
    let id = path.rsplit('/').next().unwrap();
    let set = format!("UPDATE placements SET status = 'completed', ended_on = '{on}' WHERE id = '{id}'");
    scene.app.database.owner().batch_execute(&format!("SET session_replication_role = replica; {set}")).unwrap();
}
