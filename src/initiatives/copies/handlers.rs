//! `/initiatives/{initiativeId}/copies`.

use actix_web::post;
use actix_web::web::Data;

use super::model::CopyInitiative;
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, WriteInitiatives};
use crate::db::Db;
use crate::error::Result;
use crate::http::body::Json;
use crate::http::idempotency::Once;
use crate::http::path::Path;
use crate::http::reply::Created;
use crate::http::routes::Routes;
use crate::initiatives::initiatives::{Initiative, copy_into, find};
use crate::initiatives::{deliverables, milestones};
use crate::kernel::ids::InitiativeId;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(copy_initiative);
}

/// Copy an initiative to a region
///
/// Enters a draft with the goals, activities, benefits, professions, paths and policy frameworks
/// of an initiative that you can see, published ones of other regions too, and with its
/// milestones and deliverables. Dates, partners, barriers and everything that was counted stay
/// behind. Who may enter an initiative in the region may enter a copy there.
#[utoipa::path(tag = "Initiatives", params(("initiativeId" = InitiativeId, Path, description = "The initiative to copy.")), security(("bearer" = [WriteInitiatives::SCOPE])))]
#[post("/initiatives/{initiativeId}/copies")]
pub async fn copy_initiative(
    can: Can<WriteInitiatives>,
    id: Path<InitiativeId>,
    body: Json<CopyInitiative>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Initiative>> {
    let (actor, digest, source) = (can.actor().clone(), body.digest(), id.into_inner());
    once.write(&db, &can, digest, move |conn| {
        let copy = body.into_inner();
        let region = copy.region_id;
        let id = copy_into(conn, &actor, source, copy.into())?;
        milestones::copy_plan(conn, source, id, region)?;
        deliverables::copy_plan(conn, source, id, region)?;
        let details = serde_json::json!({ "copiedFromId": source });
        audit::record(conn, &actor, Event::new("created", "initiative", id).with(details))?;
        Created::of(&find(conn, &actor, id)?)
    })
    .await
}
