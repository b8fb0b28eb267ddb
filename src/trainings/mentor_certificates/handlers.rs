//! `/mentor-certificates`.

use actix_web::web::Data;
use actix_web::{get, patch, post};
use serde_json::json;

use super::model::{
    CreateMentorCertificate, MentorCertificate, MentorCertificateFilter, MentorCertificatePage, PatchMentorCertificate,
};
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadMentorCertificates, WriteMentorCertificates};
use crate::db::{self, Db};
use crate::error::{Error, Result};
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::checks::{UNKNOWN_REFERENCE, each_once};
use crate::kernel::ids::MentorCertificateId;
use crate::trainings::mentors::practice_of;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_mentor_certificates)
        .service(create_mentor_certificate)
        .service(get_mentor_certificate)
        .service(update_mentor_certificate);
}

/// List the certificates of mentors
///
/// The certificates of the mentors you can see, as they hold on a day (`asOf`) and as the records
/// stood at a moment (`knownAt`), in the order in which they were first recorded. They name their
/// mentor by id only.
#[utoipa::path(tag = "Mentor certificates", params(MentorCertificateFilter), security(("bearer" = [ReadMentorCertificates::SCOPE])))]
#[get("/mentor-certificates")]
pub async fn list_mentor_certificates(
    can: Can<ReadMentorCertificates>,
    filter: Query<MentorCertificateFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<MentorCertificatePage>> {
    let (actor, filter) = (can.actor().clone(), filter.into_inner());
    let paging = cursors.open(&can, "mentor-certificates", &filter)?;
    db.read(&can, move |conn| {
        let provisional = db::is_provisional(conn, filter.known_at)?;
        let rows = queries::list(conn, &actor, &filter, &paging)?;
        Listed::of(&MentorCertificatePage::cut(&paging, rows, |certificate| certificate.id, provisional)?)
    })
    .await
}

/// Record a certificate
///
/// Records that a mentor was trained to guide interns (bijscholing stagebegeleider). The practice
/// does, or the bureau of its region, which has mentors trained and needs no mandate for it.
/// The same mentor, issuer, number and day of issue are recorded once.
#[utoipa::path(tag = "Mentor certificates", security(("bearer" = [WriteMentorCertificates::SCOPE])))]
#[post("/mentor-certificates")]
pub async fn create_mentor_certificate(
    can: Can<WriteMentorCertificates>,
    body: Json<CreateMentorCertificate>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<MentorCertificate>> {
    let (actor, digest) = (can.actor().clone(), body.digest());
    once.write(&db, &can, digest, move |conn| {
        let new = body.into_inner();
        each_once("/professions", &new.professions)?;
        rules::may_hold(new.validity(), db::today(conn)?)?;
        let practice = practice_of(conn, new.mentor_id).map_err(|error| match error {
            Error::NotFound => UNKNOWN_REFERENCE.fault("/mentorId").into(),
            other => other,
        })?;
        let row = new.into_row(practice);
        queries::insert(conn, &row)?;
        let codes = json!({ "mentorId": row.mentor_id });
        audit::record(conn, &actor, Event::new("recorded", "mentor-certificate", row.id).with(codes))?;
        Created::of(&queries::find_version(conn, row.row_id)?)
    })
    .await
}

/// Read a certificate
///
/// The version that stands now.
#[utoipa::path(
    tag = "Mentor certificates",
    params(("mentorCertificateId" = MentorCertificateId, Path, description = "The certificate.")),
    security(("bearer" = [ReadMentorCertificates::SCOPE])),
)]
#[get("/mentor-certificates/{mentorCertificateId}")]
pub async fn get_mentor_certificate(
    can: Can<ReadMentorCertificates>,
    id: Path<MentorCertificateId>,
    db: Data<Db>,
) -> Result<Found<MentorCertificate>> {
    db.read(&can, move |conn| Found::of(&queries::find(conn, id.into_inner())?)).await
}

/// Correct or revoke a certificate
///
/// Records a new version that takes the place of the standing one, which stays known under the
/// moment it stood. With `revokedOn` and `revocationReason` the certificate is revoked; with
/// `withdrawn` it never was, and the answer is the version that was taken back. The bureau of the
/// region may, and the practice as long as nobody but itself wrote the standing version down.
#[utoipa::path(
    tag = "Mentor certificates",
    params(("mentorCertificateId" = MentorCertificateId, Path, description = "The certificate.")),
    request_body(content = PatchMentorCertificate, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteMentorCertificates::SCOPE])),
)]
#[patch("/mentor-certificates/{mentorCertificateId}")]
pub async fn update_mentor_certificate(
    can: Can<WriteMentorCertificates>,
    id: Path<MentorCertificateId>,
    body: MergePatch<PatchMentorCertificate>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<MentorCertificate>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        let standing = queries::find_for_update(conn, id)?;
        if_match.require(standing.version)?;
        let (patch, standing_row) = (body.into_inner(), standing.row_id);
        let codes = json!({ "mentorId": standing.mentor_id });
        let event = |action| Event::new(action, "mentor-certificate", id).with(codes);
        if patch.withdrawn {
            queries::replace(conn, standing_row, None)?;
            audit::record(conn, &actor, event("withdrawn"))?;
            return Found::of(&queries::find_version(conn, standing_row)?);
        }
        each_once("/professions", patch.professions.as_change().map_or(&[], Vec::as_slice))?;
        let validity = rules::corrected(standing.validity, &patch);
        rules::may_hold(validity, db::today(conn)?)?;
        let action = match (standing.validity.revoked_on, validity.revoked_on) {
            (None, Some(_)) => "revoked",
            _ => "corrected",
        };
        let next = patch.into_row(standing, validity);
        queries::replace(conn, standing_row, Some(&next))?;
        audit::record(conn, &actor, event(action))?;
        Found::of(&queries::find_version(conn, next.row_id)?)
    })
    .await
}
