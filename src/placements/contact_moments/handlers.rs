//! `/placements/{placementId}/contact-moments`.

use actix_web::web::Data;
use actix_web::{get, patch, post};

use super::model::{ContactMoment, ContactMomentFilter, ContactMomentPage, CorrectContactMoment, RecordContactMoment};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadPlacements, WriteContactMoments};
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
use crate::kernel::ids::{ContactMomentId, PlacementId};
use crate::placements::placements::{find_parent, require_visible};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_contact_moments)
        .service(record_contact_moment)
        .service(get_contact_moment)
        .service(correct_contact_moment);
}

/// List the contact moments of a placement
///
/// The talks about it (contactmomenten), in the order in which they were recorded: three-way talks of
/// student, host and school, talks of bureau and intern, visits of the school. With `knownAt` as they
/// were recorded at that moment. School, host and bureau see them.
#[utoipa::path(
    tag = "Placements",
    params(("placementId" = PlacementId, Path, description = "The placement."), ContactMomentFilter),
    security(("bearer" = [ReadPlacements::SCOPE])),
)]
#[get("/placements/{placementId}/contact-moments")]
pub async fn list_contact_moments(
    can: Can<ReadPlacements>,
    id: Path<PlacementId>,
    filter: Query<ContactMomentFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<ContactMomentPage>> {
    let (id, filter) = (id.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("placements/{id}/contact-moments"), &filter)?;
    db.read(&can, move |conn| {
        require_visible(conn, id)?;
        let provisional = db::is_provisional(conn, filter.known_at)?;
        let rows = queries::list(conn, id, &filter, &paging)?;
        Listed::of(&ContactMomentPage::cut(&paging, rows, |contact| contact.id, provisional)?)
    })
    .await
}

/// Record a contact moment
///
/// A talk that was held. School, host and bureau may, from the confirmation on (409
/// `placement-not-under-way`). At least three three-way talks belong to a placement, one of them at the
/// host.
#[utoipa::path(
    tag = "Placements",
    params(("placementId" = PlacementId, Path, description = "The placement."),),
    security(("bearer" = [WriteContactMoments::SCOPE])),
)]
#[post("/placements/{placementId}/contact-moments")]
pub async fn record_contact_moment(
    can: Can<WriteContactMoments>,
    id: Path<PlacementId>,
    body: Json<RecordContactMoment>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<ContactMoment>> {
    let (actor, digest, id) = (can.actor().clone(), body.digest(), id.into_inner());
    once.write(&db, &can, digest, move |conn| {
        let parent = find_parent(conn, id)?;
        let (new, today) = (body.into_inner(), db::today(conn)?);
        rules::may_record(&new, today)?;
        parent.require_under_way()?;
        let row = new.into_row(parent.key());
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("recorded", "contact-moment", row.id))?;
        Created::of(&queries::find_version(conn, row.row_id)?)
    })
    .await
}

/// Read a contact moment
///
/// The talk as it is recorded now; 404 once it has been withdrawn.
#[utoipa::path(
    tag = "Placements",
    params(
        ("placementId" = PlacementId, Path, description = "The placement."),
        ("contactMomentId" = ContactMomentId, Path, description = "The contact moment."),
    ),
    security(("bearer" = [ReadPlacements::SCOPE])),
)]
#[get("/placements/{placementId}/contact-moments/{contactMomentId}")]
pub async fn get_contact_moment(
    can: Can<ReadPlacements>,
    path: Path<(PlacementId, ContactMomentId)>,
    db: Data<Db>,
) -> Result<Found<ContactMoment>> {
    let (placement, id) = path.into_inner();
    db.read(&can, move |conn| Found::of(&queries::find(conn, placement, id)?)).await
}

/// Correct a contact moment
///
/// Records a new version that takes the place of the standing one, which stays known under the moment
/// it stood. With `withdrawn` the talk never was, and the answer is the version that was taken back. The
/// side that recorded it may.
#[utoipa::path(
    tag = "Placements",
    params(
        ("placementId" = PlacementId, Path, description = "The placement."),
        ("contactMomentId" = ContactMomentId, Path, description = "The contact moment."),
    ),
    request_body(content = CorrectContactMoment, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteContactMoments::SCOPE])),
)]
#[patch("/placements/{placementId}/contact-moments/{contactMomentId}")]
pub async fn correct_contact_moment(
    can: Can<WriteContactMoments>,
    path: Path<(PlacementId, ContactMomentId)>,
    body: MergePatch<CorrectContactMoment>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<ContactMoment>> {
    let (actor, (placement, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        find_parent(conn, placement)?;
        let standing = queries::find_for_update(conn, placement, id)?;
        if_match.require(standing.version)?;
        let patch = body.into_inner();
        let (action, shown) = if patch.withdrawn {
            queries::supersede(conn, standing.row_id)?;
            ("withdrawn", standing.row_id)
        } else {
            let next = rules::correct(&standing, patch, db::today(conn)?)?;
            queries::replace(conn, &standing, &next)?;
            ("corrected", next.row_id)
        };
        audit::record(conn, &actor, Event::new(action, "contact-moment", id))?;
        Found::of(&queries::find_version(conn, shown)?)
    })
    .await
}
