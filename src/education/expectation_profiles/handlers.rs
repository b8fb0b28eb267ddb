//! `/expectation-profiles`.

use actix_web::web::Data;
use actix_web::{delete, get, patch, post};

use super::model::{
    CreateExpectationProfile, ExpectationProfile, ExpectationProfileFilter, ExpectationProfilePage,
    PatchExpectationProfile,
};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadExpectationProfiles, WriteExpectationProfiles};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Deleted, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::ExpectationProfileId;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_expectation_profiles)
        .service(create_expectation_profile)
        .service(get_expectation_profile)
        .service(update_expectation_profile)
        .service(delete_expectation_profile);
}

/// List expectation profiles
///
/// What may be expected of an intern per qualification and study year (verwachtingsprofielen), as
/// schools and bureaus wrote it; the same for every signed-in client, in the order in which it was entered.
#[utoipa::path(tag = "Expectation profiles", params(ExpectationProfileFilter), security(("bearer" = [ReadExpectationProfiles::SCOPE])))]
#[get("/expectation-profiles")]
pub async fn list_expectation_profiles(
    can: Can<ReadExpectationProfiles>,
    filter: Query<ExpectationProfileFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<ExpectationProfilePage>> {
    let filter = filter.into_inner();
    let paging = cursors.open(&can, "expectation-profiles", &filter)?;
    db.read(&can, move |conn| {
        let rows = queries::list(conn, &filter, &paging)?;
        Listed::of(&ExpectationProfilePage::cut(&paging, rows, |profile| profile.id)?)
    })
    .await
}

/// Enter an expectation profile
///
/// Enters a profile of your own organisation: a school for its students, a bureau for its region. One
/// per qualification and study year.
#[utoipa::path(tag = "Expectation profiles", security(("bearer" = [WriteExpectationProfiles::SCOPE])))]
#[post("/expectation-profiles")]
pub async fn create_expectation_profile(
    can: Can<WriteExpectationProfiles>,
    body: Json<CreateExpectationProfile>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<ExpectationProfile>> {
    let (actor, digest) = (can.actor().clone(), body.digest());
    let owner = actor.organisation.ok_or(Error::Unauthenticated)?;
    once.write(&db, &can, digest, move |conn| {
        let new = body.into_inner();
        rules::named_once(&new.tasks)?;
        let row = new.into_row(owner)?;
        queries::insert(conn, &row)?;
        audit::record(conn, &actor, Event::new("created", "expectation-profile", row.id))?;
        Created::of(&queries::find(conn, row.id)?)
    })
    .await
}

/// Read an expectation profile
///
/// One profile with its tasks.
#[utoipa::path(
    tag = "Expectation profiles",
    params(("expectationProfileId" = ExpectationProfileId, Path, description = "The profile.")),
    security(("bearer" = [ReadExpectationProfiles::SCOPE])),
)]
#[get("/expectation-profiles/{expectationProfileId}")]
pub async fn get_expectation_profile(
    can: Can<ReadExpectationProfiles>,
    id: Path<ExpectationProfileId>,
    db: Data<Db>,
) -> Result<Found<ExpectationProfile>> {
    db.read(&can, move |conn| Found::of(&queries::find(conn, id.into_inner())?)).await
}

/// Change an expectation profile
///
/// Changes what is sent, clears what is null; the organisation that wrote it may.
#[utoipa::path(
    tag = "Expectation profiles",
    params(("expectationProfileId" = ExpectationProfileId, Path, description = "The profile.")),
    request_body(content = PatchExpectationProfile, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteExpectationProfiles::SCOPE])),
)]
#[patch("/expectation-profiles/{expectationProfileId}")]
pub async fn update_expectation_profile(
    can: Can<WriteExpectationProfiles>,
    id: Path<ExpectationProfileId>,
    body: MergePatch<PatchExpectationProfile>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<ExpectationProfile>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        let version = queries::find_for_update(conn, id)?;
        if_match.require(version)?;
        let patch = body.into_inner();
        rules::named_once(patch.tasks.as_change().map_or(&[], Vec::as_slice))?;
        queries::update(conn, id, &patch.into_changes(version)?)?;
        audit::record(conn, &actor, Event::new("changed", "expectation-profile", id))?;
        Found::of(&queries::find(conn, id)?)
    })
    .await
}

/// Remove an expectation profile
///
/// Removes a profile; the organisation that wrote it may.
#[utoipa::path(
    tag = "Expectation profiles",
    params(("expectationProfileId" = ExpectationProfileId, Path, description = "The profile.")),
    security(("bearer" = [WriteExpectationProfiles::SCOPE])),
)]
#[delete("/expectation-profiles/{expectationProfileId}")]
pub async fn delete_expectation_profile(
    can: Can<WriteExpectationProfiles>,
    id: Path<ExpectationProfileId>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Deleted> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        if_match.require(queries::find_for_update(conn, id)?)?;
        queries::delete(conn, id)?;
        audit::record(conn, &actor, Event::new("deleted", "expectation-profile", id))?;
        Ok(Deleted)
    })
    .await
}
