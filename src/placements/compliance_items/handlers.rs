//! `/placements/{placementId}/compliance-items`.

use actix_web::web::Data;
use actix_web::{get, patch, post};

use super::model::{
    ComplianceItem, ComplianceItemFilter, ComplianceItemPage, CreateComplianceItem, NewComplianceItem,
    PatchComplianceItem,
};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadPlacements, WriteComplianceItems};
use crate::db::{self, Db};
use crate::error::Result;
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::{ComplianceItemId, PlacementId};
use crate::placements::placements::{find_parent, require_visible};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_compliance_items)
        .service(create_compliance_item)
        .service(get_compliance_item)
        .service(update_compliance_item);
}

/// List the compliance items of a placement
///
/// How it stands with what the placement needs before it starts (startvoorwaarden): certificate of
/// conduct (VOG), duty to verify (vergewisplicht), statements on hepatitis B and confidentiality. Status
/// and validity only; documents stay where they are. School, host and bureau see them.
#[utoipa::path(
    tag = "Placements",
    params(("placementId" = PlacementId, Path, description = "The placement."), ComplianceItemFilter),
    security(("bearer" = [ReadPlacements::SCOPE])),
)]
#[get("/placements/{placementId}/compliance-items")]
pub async fn list_compliance_items(
    can: Can<ReadPlacements>,
    id: Path<PlacementId>,
    filter: Query<ComplianceItemFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<ComplianceItemPage>> {
    let (id, filter) = (id.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("placements/{id}/compliance-items"), &filter)?;
    db.read(&can, move |conn| {
        require_visible(conn, id)?;
        let rows = queries::list(conn, id, &filter, &paging)?;
        Listed::of(&ComplianceItemPage::cut(&paging, rows, |item| item.id)?)
    })
    .await
}

/// Enter a compliance item
///
/// One per requirement. School, host and bureau may, from the confirmation on (409
/// `placement-not-under-way`). That a requirement is `not-applicable` is for the bureau alone to say (403
/// `not-yours-to-waive`).
#[utoipa::path(
    tag = "Placements",
    params(("placementId" = PlacementId, Path, description = "The placement."),),
    security(("bearer" = [WriteComplianceItems::SCOPE])),
)]
#[post("/placements/{placementId}/compliance-items")]
pub async fn create_compliance_item(
    can: Can<WriteComplianceItems>,
    id: Path<PlacementId>,
    body: Json<CreateComplianceItem>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<ComplianceItem>> {
    let (actor, digest, id) = (can.actor().clone(), body.digest(), id.into_inner());
    once.write(&db, &can, digest, move |conn| {
        let parent = find_parent(conn, id)?;
        let new = body.into_inner();
        let stated = rules::stated(&new, db::today(conn)?)?;
        rules::may_say(&actor, &stated)?;
        parent.require_under_way()?;
        let row = NewComplianceItem::of(parent.key(), new.requirement, stated);
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("created", "compliance-item", row.id))?;
        Created::of(&queries::find(conn, id, row.id)?)
    })
    .await
}

/// Read a compliance item
///
/// How it stands with one requirement.
#[utoipa::path(
    tag = "Placements",
    params(
        ("placementId" = PlacementId, Path, description = "The placement."),
        ("complianceItemId" = ComplianceItemId, Path, description = "The item."),
    ),
    security(("bearer" = [ReadPlacements::SCOPE])),
)]
#[get("/placements/{placementId}/compliance-items/{complianceItemId}")]
pub async fn get_compliance_item(
    can: Can<ReadPlacements>,
    path: Path<(PlacementId, ComplianceItemId)>,
    db: Data<Db>,
) -> Result<Found<ComplianceItem>> {
    let (placement, id) = path.into_inner();
    db.read(&can, move |conn| Found::of(&queries::find(conn, placement, id)?)).await
}

/// Change a compliance item
///
/// Says how it stands now. School, host and bureau may; who did last is shown. What the bureau waived as
/// `not-applicable` the others change by saying how it stands instead.
#[utoipa::path(
    tag = "Placements",
    params(
        ("placementId" = PlacementId, Path, description = "The placement."),
        ("complianceItemId" = ComplianceItemId, Path, description = "The item."),
    ),
    request_body(content = PatchComplianceItem, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteComplianceItems::SCOPE])),
)]
#[patch("/placements/{placementId}/compliance-items/{complianceItemId}")]
pub async fn update_compliance_item(
    can: Can<WriteComplianceItems>,
    path: Path<(PlacementId, ComplianceItemId)>,
    body: MergePatch<PatchComplianceItem>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<ComplianceItem>> {
    let (actor, (placement, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        let parent = find_parent(conn, placement)?;
        let current = queries::find_for_update(conn, placement, id)?;
        if_match.require(current.version)?;
        let stated = rules::changed(&current, body.into_inner(), db::today(conn)?)?;
        rules::may_say(&actor, &stated)?;
        parent.require_under_way()?;
        queries::update(conn, id, &stated)?;
        audit::record(conn, &actor, Event::new("changed", "compliance-item", id))?;
        Found::of(&queries::find(conn, placement, id)?)
    })
    .await
}
