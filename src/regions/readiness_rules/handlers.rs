//! `/regions/{regionId}/readiness-rules`.

use actix_web::web::Data;
use actix_web::{get, patch, post};

use super::model::{CreateReadinessRule, PatchReadinessRule, ReadinessRule, ReadinessRuleFilter, ReadinessRulePage};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadRegions, WriteRegionFacts};
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
use crate::kernel::ids::{ReadinessRuleId, RegionId};
use crate::regions::regions::must_exist;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_readiness_rules)
        .service(create_readiness_rule)
        .service(get_readiness_rule)
        .service(update_readiness_rule);
}

/// List the readiness rules of a region
///
/// What a placement in the region needs before it starts (startvoorwaarden), as the rules hold on
/// a day (`asOf`) and as the records stood at a moment (`knownAt`). In the order in which they
/// were first set.
#[utoipa::path(
    tag = "Readiness rules",
    params(("regionId" = RegionId, Path, description = "The region."), ReadinessRuleFilter),
    security(("bearer" = [ReadRegions::SCOPE])),
)]
#[get("/regions/{regionId}/readiness-rules")]
pub async fn list_readiness_rules(
    can: Can<ReadRegions>,
    region: Path<RegionId>,
    filter: Query<ReadinessRuleFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<ReadinessRulePage>> {
    let (region, filter) = (region.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("/regions/{region}/readiness-rules"), &filter)?;
    db.read(&can, move |conn| {
        must_exist(conn, region)?;
        let provisional = db::is_provisional(conn, filter.known_at)?;
        let rows = queries::list(conn, region, &filter, &paging)?;
        Listed::of(&ReadinessRulePage::cut(&paging, rows, |rule| rule.id, provisional)?)
    })
    .await
}

/// Set a readiness rule
///
/// Sets what a placement needs before it starts, from a day on, which may lie ahead. A
/// requirement has one severity at a time, per profession.
#[utoipa::path(
    tag = "Readiness rules",
    params(("regionId" = RegionId, Path, description = "The region.")),
    security(("bearer" = [WriteRegionFacts::SCOPE])),
)]
#[post("/regions/{regionId}/readiness-rules")]
pub async fn create_readiness_rule(
    can: Can<WriteRegionFacts>,
    region: Path<RegionId>,
    body: Json<CreateReadinessRule>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<ReadinessRule>> {
    let (actor, region, digest) = (can.actor().clone(), region.into_inner(), body.digest());
    once.write(&db, &can, digest, move |conn| {
        must_exist(conn, region)?;
        let new = body.into_inner();
        let period = rules::recorded(&new)?;
        let row = new.into_row(region, period);
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("recorded", "readiness-rule", row.id))?;
        Created::of(&queries::find_version(conn, row.row_id)?)
    })
    .await
}

/// Read a readiness rule
///
/// The version that stands now.
#[utoipa::path(
    tag = "Readiness rules",
    params(
        ("regionId" = RegionId, Path, description = "The region."),
        ("readinessRuleId" = ReadinessRuleId, Path, description = "The rule."),
    ),
    security(("bearer" = [ReadRegions::SCOPE])),
)]
#[get("/regions/{regionId}/readiness-rules/{readinessRuleId}")]
pub async fn get_readiness_rule(
    can: Can<ReadRegions>,
    path: Path<(RegionId, ReadinessRuleId)>,
    db: Data<Db>,
) -> Result<Found<ReadinessRule>> {
    let (region, id) = path.into_inner();
    db.read(&can, move |conn| Found::of(&queries::find(conn, region, id)?)).await
}

/// Correct or end a readiness rule
///
/// Records a new version that takes the place of the standing one, which stays known under the
/// moment it stood. With `effectiveTo` the rule ends; with `withdrawn` it never was, and the
/// answer is the version that was taken back.
#[utoipa::path(
    tag = "Readiness rules",
    params(
        ("regionId" = RegionId, Path, description = "The region."),
        ("readinessRuleId" = ReadinessRuleId, Path, description = "The rule."),
    ),
    request_body(content = PatchReadinessRule, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteRegionFacts::SCOPE])),
)]
#[patch("/regions/{regionId}/readiness-rules/{readinessRuleId}")]
pub async fn update_readiness_rule(
    can: Can<WriteRegionFacts>,
    path: Path<(RegionId, ReadinessRuleId)>,
    body: MergePatch<PatchReadinessRule>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<ReadinessRule>> {
    let (actor, (region, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        let standing = queries::find_for_update(conn, region, id)?;
        if_match.require(standing.version)?;
        let patch = body.into_inner();
        if patch.withdrawn {
            queries::replace(conn, standing.row_id, None)?;
            audit::record(conn, &actor, Event::new("withdrawn", "readiness-rule", id))?;
            return Found::of(&queries::find_version(conn, standing.row_id)?);
        }
        let period = rules::corrected(&standing, &patch)?;
        let next = patch.into_row(&standing, period);
        queries::replace(conn, standing.row_id, Some(&next))?;
        audit::record(conn, &actor, Event::new("corrected", "readiness-rule", id))?;
        Found::of(&queries::find_version(conn, next.row_id)?)
    })
    .await
}
