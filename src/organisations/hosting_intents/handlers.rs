//! `/hosting-intents` and `/organisations/{organisationId}/hosting-intents`.

use actix_web::web::Data;
use actix_web::{get, put};
use serde_json::json;

use super::actions;
use super::model::{HostingIntent, HostingIntentFilter, HostingIntentPage, OwnIntentFilter, PutHostingIntent};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadHostingIntents, WriteHostingIntents};
use crate::db::{self, Db};
use crate::error::Result;
use crate::http::body::Json;
use crate::http::etag::IfMatch;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Found, Listed, Put};
use crate::http::routes::Routes;
use crate::kernel::formats::SchoolYear;
use crate::kernel::ids::OrganisationId;
use crate::organisations::organisations::{kinds_of, require_visible};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_hosting_intents)
        .service(list_hosting_intents_of_organisation)
        .service(get_hosting_intent)
        .service(put_hosting_intent);
}

/// List hosting intents
///
/// Which hosts mean to offer seats (stagebereidheid), of every host you can see: as bureau and
/// as school those of the regions you are a member of today, as practice your own. Ask for a day (`asOf`) to get what
/// holds on it; without it, ended intents are listed too.
#[utoipa::path(tag = "Hosting intents", params(HostingIntentFilter), security(("bearer" = [ReadHostingIntents::SCOPE])))]
#[get("/hosting-intents")]
pub async fn list_hosting_intents(
    can: Can<ReadHostingIntents>,
    filter: Query<HostingIntentFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<HostingIntentPage>> {
    let filter = filter.into_inner();
    let paging = cursors.open(&can, "hosting-intents", &filter)?;
    db.read(&can, move |conn| {
        let provisional = db::is_provisional(conn, filter.known_at)?;
        let rows = queries::list(conn, &filter, &paging)?;
        Listed::of(&HostingIntentPage::cut(&paging, rows, |intent| intent.id, provisional)?)
    })
    .await
}

/// List the hosting intents of an organisation
///
/// What this host intended and intends, school year by school year, in the order in which it
/// was first stated.
#[utoipa::path(tag = "Hosting intents", params(("organisationId" = OrganisationId, Path, description = "The host."), OwnIntentFilter), security(("bearer" = [ReadHostingIntents::SCOPE])))]
#[get("/organisations/{organisationId}/hosting-intents")]
pub async fn list_hosting_intents_of_organisation(
    can: Can<ReadHostingIntents>,
    organisation: Path<OrganisationId>,
    filter: Query<OwnIntentFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<HostingIntentPage>> {
    let (organisation, filter) = (organisation.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("organisations/{organisation}/hosting-intents"), &filter)?;
    db.read(&can, move |conn| {
        require_visible(conn, organisation)?;
        let provisional = db::is_provisional(conn, filter.known_at)?;
        let rows = queries::list(conn, &filter.of(organisation), &paging)?;
        Listed::of(&HostingIntentPage::cut(&paging, rows, |intent| intent.id, provisional)?)
    })
    .await
}

/// Read a hosting intent
///
/// What this host said last about the school year.
#[utoipa::path(
    tag = "Hosting intents",
    params(
        ("organisationId" = OrganisationId, Path, description = "The host."),
        ("schoolYear" = SchoolYear, Path, description = "The school year."),
    ),
    security(("bearer" = [ReadHostingIntents::SCOPE])),
)]
#[get("/organisations/{organisationId}/hosting-intents/{schoolYear}")]
pub async fn get_hosting_intent(
    can: Can<ReadHostingIntents>,
    path: Path<(OrganisationId, SchoolYear)>,
    db: Data<Db>,
) -> Result<Found<HostingIntent>> {
    let (organisation, school_year) = path.into_inner();
    db.read(&can, move |conn| Found::of(&queries::find(conn, organisation, &school_year)?)).await
}

/// State a hosting intent
///
/// States whether the host means to offer seats in the school year, and why not. The host does
/// so itself; its bureau writes down what it heard by phone, which `recordedBy` shows and for
/// which it needs no mandate. From a later day on, the intent before ends and this one follows;
/// with the same or an earlier first day it corrects what was recorded. Saying the same again
/// changes nothing. `If-Match` is optional; with it nothing is stated for the first time.
#[utoipa::path(
    tag = "Hosting intents",
    params(
        ("organisationId" = OrganisationId, Path, description = "The host."),
        ("schoolYear" = SchoolYear, Path, description = "The school year."),
    ),
    security(("bearer" = [WriteHostingIntents::SCOPE])),
)]
#[put("/organisations/{organisationId}/hosting-intents/{schoolYear}")]
pub async fn put_hosting_intent(
    can: Can<WriteHostingIntents>,
    path: Path<(OrganisationId, SchoolYear)>,
    body: Json<PutHostingIntent>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Put<HostingIntent>> {
    let (actor, (organisation, school_year), put) = (can.actor().clone(), path.into_inner(), body.into_inner());
    rules::may_state(&put)?;
    db.write(&can, move |conn| {
        let kinds = kinds_of(conn, organisation)?;
        queries::require_writable(conn, organisation)?;
        let standing = queries::find_for_update(conn, organisation, &school_year)?;
        if_match.allow(standing.as_ref().map(|standing| standing.version))?;
        rules::must_host(&kinds)?;
        let step = rules::decide(standing.as_ref(), &put, db::today(conn)?)?;
        if let Some(id) = actions::take(conn, organisation, &school_year, standing.as_ref(), &put, step)? {
            let codes = json!({"schoolYear": school_year, "intent": put.intent});
            audit::record(conn, &actor, Event::new("stated", "hosting-intent", id).with(codes))?;
        }
        let intent = queries::find(conn, organisation, &school_year)?;
        if standing.is_none() { Put::created(&intent) } else { Put::found(&intent) }
    })
    .await
}
