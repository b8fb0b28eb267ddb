//! `/initiatives/{initiativeId}/partners`.

use actix_web::web::Data;
use actix_web::{delete, get, patch, post};

use super::model::{CreatePartner, Partner, PartnerFilter, PartnerPage, PatchPartner};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadInitiatives, WriteInitiatives};
use crate::db::Db;
use crate::error::Result;
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Deleted, Found, Listed};
use crate::http::routes::Routes;
use crate::initiatives::initiatives::{Part, find_writable, find_writable_of, require_visible};
use crate::kernel::ids::{InitiativeId, PartnerId};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_initiative_partners)
        .service(add_initiative_partner)
        .service(get_initiative_partner)
        .service(update_initiative_partner)
        .service(remove_initiative_partner);
}

/// List the partners of an initiative
///
/// The organisations that work along (samenwerkingspartners) with their roles and dates, in the
/// order in which they were entered. Whoever sees the initiative sees its partners.
#[utoipa::path(
    tag = "Initiatives",
    params(("initiativeId" = InitiativeId, Path, description = "The initiative."), PartnerFilter),
    security(("bearer" = [ReadInitiatives::SCOPE])),
)]
#[get("/initiatives/{initiativeId}/partners")]
pub async fn list_initiative_partners(
    can: Can<ReadInitiatives>,
    id: Path<InitiativeId>,
    filter: Query<PartnerFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<PartnerPage>> {
    let (id, filter) = (id.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("initiatives/{id}/partners"), &filter)?;
    db.read(&can, move |conn| {
        require_visible(conn, id)?;
        let rows = queries::list(conn, id, &filter, &paging)?;
        Listed::of(&PartnerPage::cut(&paging, rows, |partner| partner.id)?)
    })
    .await
}

/// Add a partner to an initiative
///
/// The organisation sees the initiative from now on. The lead organisation and the bureau may
/// add partners, until the initiative has been evaluated, withdrawn or abandoned (409 `ended`);
/// an organisation has a role once at a time (409 `already-partner`).
#[utoipa::path(tag = "Initiatives", params(("initiativeId" = InitiativeId, Path, description = "The initiative.")), security(("bearer" = [WriteInitiatives::SCOPE])))]
#[post("/initiatives/{initiativeId}/partners")]
pub async fn add_initiative_partner(
    can: Can<WriteInitiatives>,
    id: Path<InitiativeId>,
    body: Json<CreatePartner>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Partner>> {
    let (actor, digest, id) = (can.actor().clone(), body.digest(), id.into_inner());
    once.write(&db, &can, digest, move |conn| {
        let new = body.into_inner();
        rules::may_enter(&new)?;
        let initiative = find_writable(conn, id)?;
        initiative.require_open()?;
        let row = new.into_row(id, initiative.region_id);
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("created", "initiative-partner", row.id))?;
        Created::of(&queries::find(conn, id, row.id)?)
    })
    .await
}

/// Read a partner of an initiative
///
/// One organisation in one role, with its dates.
#[utoipa::path(
    tag = "Initiatives",
    params(
        ("initiativeId" = InitiativeId, Path, description = "The initiative."),
        ("partnerId" = PartnerId, Path, description = "The partner."),
    ),
    security(("bearer" = [ReadInitiatives::SCOPE])),
)]
#[get("/initiatives/{initiativeId}/partners/{partnerId}")]
pub async fn get_initiative_partner(
    can: Can<ReadInitiatives>,
    path: Path<(InitiativeId, PartnerId)>,
    db: Data<Db>,
) -> Result<Found<Partner>> {
    let (initiative, id) = path.into_inner();
    db.read(&can, move |conn| Found::of(&queries::find(conn, initiative, id)?)).await
}

/// Change a partner of an initiative
///
/// Changes role or dates; the organisation stays who it is. Ending a partnership is setting its
/// `effectiveTo`: who was a partner keeps sight of the initiative.
#[utoipa::path(
    tag = "Initiatives",
    params(
        ("initiativeId" = InitiativeId, Path, description = "The initiative."),
        ("partnerId" = PartnerId, Path, description = "The partner."),
    ),
    request_body(content = PatchPartner, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteInitiatives::SCOPE])),
)]
#[patch("/initiatives/{initiativeId}/partners/{partnerId}")]
pub async fn update_initiative_partner(
    can: Can<WriteInitiatives>,
    path: Path<(InitiativeId, PartnerId)>,
    body: MergePatch<PatchPartner>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Partner>> {
    let (actor, (initiative, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        let parent = find_writable_of(conn, initiative, Part::new("initiative_partners", id))?;
        let current = queries::find_for_update(conn, initiative, id)?;
        if_match.require(current.version)?;
        parent.require_open()?;
        let patch = body.into_inner();
        rules::may_change(&current, &patch)?;
        queries::update(conn, id, &patch.into_changes(current.version))?;
        audit::record(conn, &actor, Event::new("changed", "initiative-partner", id))?;
        Found::of(&queries::find(conn, initiative, id)?)
    })
    .await
}

/// Remove a partner from an initiative
///
/// For what was entered by mistake: the organisation loses sight of the initiative, unless
/// another role or right shows it. To end a partnership, set its `effectiveTo`.
#[utoipa::path(
    tag = "Initiatives",
    params(
        ("initiativeId" = InitiativeId, Path, description = "The initiative."),
        ("partnerId" = PartnerId, Path, description = "The partner."),
    ),
    security(("bearer" = [WriteInitiatives::SCOPE])),
)]
#[delete("/initiatives/{initiativeId}/partners/{partnerId}")]
pub async fn remove_initiative_partner(
    can: Can<WriteInitiatives>,
    path: Path<(InitiativeId, PartnerId)>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Deleted> {
    let (actor, (initiative, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        let parent = find_writable_of(conn, initiative, Part::new("initiative_partners", id))?;
        let current = queries::find_for_update(conn, initiative, id)?;
        if_match.require(current.version)?;
        parent.require_open()?;
        queries::delete(conn, id)?;
        audit::record(conn, &actor, Event::new("deleted", "initiative-partner", id))?;
        Ok(Deleted)
    })
    .await
}
