//! `/mentors`.

use actix_web::web::Data;
use actix_web::{get, patch, post};

use super::model::{CreateMentor, Mentor, MentorFilter, MentorPage, PatchMentor};
use super::queries;
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadMentors, WriteMentors};
use crate::db::Db;
use crate::error::Result;
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::checks::each_once;
use crate::kernel::ids::MentorId;
use crate::lifecycle::Taken;
use crate::regions::mandates::{MandateScope, acting_for};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_mentors).service(create_mentor).service(get_mentor).service(update_mentor);
}

/// The event, in the name of the practice where a mandate was needed.
fn event(action: &'static str, id: MentorId, taken: Taken) -> Event {
    Event::new(action, "mentor", id).on_behalf_of(taken)
}

/// List mentors
///
/// The mentors (praktijkbegeleiders) you can see, with their names: as practice your own, as bureau
/// those of practices that are or were hosts of your region. In the order in which they were
/// entered. Personal data: who saw whom is recorded.
#[utoipa::path(
    tag = "Mentors",
    params(MentorFilter),
    security(("bearer" = [ReadMentors::SCOPE])),
    extensions(("x-personal-data" = json!(true))),
)]
#[get("/mentors")]
pub async fn list_mentors(
    can: Can<ReadMentors>,
    filter: Query<MentorFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<MentorPage>> {
    let (actor, filter) = (can.actor().clone(), filter.into_inner());
    let paging = cursors.open(&can, "mentors", &filter)?;
    audit::show(&db, &can, move |conn| {
        let rows = queries::list(conn, &actor, &filter, &paging)?;
        let page = MentorPage::cut(&paging, rows, |mentor| mentor.id)?;
        audit::record_access(conn, &actor, "list_mentors", page.items.iter().map(|mentor| mentor.id))?;
        Listed::of(&page)
    })
    .await
}

/// Enter a mentor
///
/// A practice enters the people who guide interns there; the bureau of its region does so under a
/// mandate with the scope `mentors`, in the name of the practice (namens). A text with nine digits
/// that may be a BSN is refused (`bsn-like`).
#[utoipa::path(tag = "Mentors", security(("bearer" = [WriteMentors::SCOPE])))]
#[post("/mentors")]
pub async fn create_mentor(
    can: Can<WriteMentors>,
    body: Json<CreateMentor>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Mentor>> {
    let (actor, digest) = (can.actor().clone(), body.digest());
    once.write(&db, &can, digest, move |conn| {
        let new = body.into_inner();
        let taken = acting_for(conn, &actor, new.practice_id, None, MandateScope::Mentors)?;
        each_once("/guides", new.guides.as_deref().unwrap_or_default())?;
        let (mentor, identity) = new.into_rows();
        queries::insert(conn, &mentor, &identity)?;
        audit::record(conn, &actor, event("created", mentor.id, taken))?;
        Created::of(&queries::find(conn, mentor.id)?)
    })
    .await
}

/// Read a mentor
///
/// One mentor with name, profession and whether a certificate is valid today. Personal data: who
/// saw whom is recorded.
#[utoipa::path(
    tag = "Mentors",
    params(("mentorId" = MentorId, Path, description = "The mentor.")),
    security(("bearer" = [ReadMentors::SCOPE])),
    extensions(("x-personal-data" = json!(true))),
)]
#[get("/mentors/{mentorId}")]
pub async fn get_mentor(can: Can<ReadMentors>, id: Path<MentorId>, db: Data<Db>) -> Result<Found<Mentor>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    audit::show(&db, &can, move |conn| {
        let mentor = queries::find(conn, id)?;
        audit::record_access(conn, &actor, "get_mentor", [id])?;
        Found::of(&mentor)
    })
    .await
}

/// Change a mentor
///
/// Changes what is sent, clears what is null; the practice may, and its bureau under a mandate. Who
/// no longer guides interns there becomes inactive; nobody is deleted, and open offers no longer name
/// the mentor.
#[utoipa::path(
    tag = "Mentors",
    params(("mentorId" = MentorId, Path, description = "The mentor.")),
    request_body(content = PatchMentor, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteMentors::SCOPE])),
    extensions(("x-personal-data" = json!(true))),
)]
#[patch("/mentors/{mentorId}")]
pub async fn update_mentor(
    can: Can<WriteMentors>,
    id: Path<MentorId>,
    body: MergePatch<PatchMentor>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Mentor>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        let practice = queries::practice_of(conn, id)?;
        let taken = acting_for(conn, &actor, practice, None, MandateScope::Mentors)?;
        let version = queries::find_for_update(conn, id)?;
        if_match.require(version)?;
        let patch = body.into_inner();
        each_once("/guides", patch.guides.as_change().map_or(&[], Vec::as_slice))?;
        let (mentor, identity) = patch.into_changes(version);
        queries::update(conn, id, &mentor, identity.as_ref())?;
        audit::record(conn, &actor, event("changed", id, taken))?;
        // The answer shows the whole mentor, also to who changed little.
        audit::record_access(conn, &actor, "update_mentor", [id])?;
        Found::of(&queries::find(conn, id)?)
    })
    .await
}
