//! `/students/{studentId}/learning-path-periods`.

use actix_web::web::Data;
use actix_web::{get, patch, post};
use serde_json::json;

use super::model::{
    CreateLearningPathPeriod, LearningPathPeriod, LearningPathPeriodFilter, LearningPathPeriodPage, NewPeriod,
    PatchLearningPathPeriod,
};
use super::rules::Entry;
use super::{actions, queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadStudents, WriteStudents};
use crate::db::{self, Db};
use crate::education::students;
use crate::error::Result;
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::idempotency::Once;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Created, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::{LearningPathPeriodId, StudentId};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_learning_path_periods)
        .service(create_learning_path_period)
        .service(get_learning_path_period)
        .service(update_learning_path_period);
}

/// List the learning path periods of a student
///
/// How the student learned when (leerwegperiodes), in the order of time, as it holds on a day
/// (`asOf`) and as the records stood at a moment (`knownAt`).
#[utoipa::path(
    tag = "Students",
    params(("studentId" = StudentId, Path, description = "The student."), LearningPathPeriodFilter),
    security(("bearer" = [ReadStudents::SCOPE])),
)]
#[get("/students/{studentId}/learning-path-periods")]
pub async fn list_learning_path_periods(
    can: Can<ReadStudents>,
    student: Path<StudentId>,
    filter: Query<LearningPathPeriodFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<LearningPathPeriodPage>> {
    let (student, filter) = (student.into_inner(), filter.into_inner());
    let paging = cursors.open(&can, &format!("students/{student}/learning-path-periods"), &filter)?;
    db.read(&can, move |conn| {
        students::require_visible(conn, student)?;
        let provisional = db::is_provisional(conn, filter.known_at)?;
        let rows = queries::list(conn, student, &filter, &paging)?;
        Listed::of(&LearningPathPeriodPage::cut(
            &paging,
            rows,
            |period| (period.effective_from, period.id),
            provisional,
        )?)
    })
    .await
}

/// Record or switch a learning path
///
/// The student follows another learning path (BOL, BBL, …) from a day on, at any moment: the
/// period that is open ends on that day as `switched`, and the new one begins. Without an open
/// period it just begins. With `effectiveTo` and `endReason` it is a period that has ended
/// already, recorded afterwards, and nothing else changes. A live placement (plaatsing) of the student
/// goes along on a switch: its agreement (praktijkovereenkomst) ends on that day, and a signal asks
/// school and bureau for a new one.
#[utoipa::path(
    tag = "Students",
    params(("studentId" = StudentId, Path, description = "The student.")),
    security(("bearer" = [WriteStudents::SCOPE])),
)]
#[post("/students/{studentId}/learning-path-periods")]
pub async fn create_learning_path_period(
    can: Can<WriteStudents>,
    student: Path<StudentId>,
    body: Json<CreateLearningPathPeriod>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<LearningPathPeriod>> {
    let (actor, student, digest) = (can.actor().clone(), student.into_inner(), body.digest());
    once.write(&db, &can, digest, move |conn| {
        let school = students::lock(conn, student)?;
        let new = body.into_inner();
        let open = actions::open_of(conn, &[student])?.remove(&student);
        let entry = rules::entry(open.as_ref(), &new, db::today(conn)?)?;
        if new.effective_to.is_none() {
            students::must_offer(conn, student, new.learning_path)?;
        }
        let followed = (new.learning_path, new.accelerated);
        let row = match (entry, &open) {
            (Entry::TakesOver(from), Some(open)) => actions::switch(conn, open, followed, from)?,
            (Entry::TakesOver(from), None) => actions::begin(conn, school, student, followed, from)?,
            (Entry::Beside(period), _) => actions::record(conn, school, student, followed, period, new.end_reason)?,
        };
        students::touch(conn, student)?;
        let period = queries::find_version(conn, row)?;
        let action = if matches!(entry, Entry::TakesOver(_)) { "switched" } else { "recorded" };
        let codes = json!({ "studentId": student, "learningPath": period.learning_path });
        audit::record(conn, &actor, Event::new(action, "learning-path-period", period.id).with(codes))?;
        Created::of(&period)
    })
    .await
}

/// Read a learning path period
///
/// The version that stands now.
#[utoipa::path(
    tag = "Students",
    params(
        ("studentId" = StudentId, Path, description = "The student."),
        ("learningPathPeriodId" = LearningPathPeriodId, Path, description = "The period."),
    ),
    security(("bearer" = [ReadStudents::SCOPE])),
)]
#[get("/students/{studentId}/learning-path-periods/{learningPathPeriodId}")]
pub async fn get_learning_path_period(
    can: Can<ReadStudents>,
    path: Path<(StudentId, LearningPathPeriodId)>,
    db: Data<Db>,
) -> Result<Found<LearningPathPeriod>> {
    let (student, id) = path.into_inner();
    db.read(&can, move |conn| Found::of(&queries::find(conn, student, id)?)).await
}

/// Correct or end a learning path period
///
/// Records a new version that takes the place of the standing one, which stays known under the
/// moment it stood. With `effectiveTo` and `endReason` the period ends; with `withdrawn` it never
/// was, and the answer is the version that was taken back.
#[utoipa::path(
    tag = "Students",
    params(
        ("studentId" = StudentId, Path, description = "The student."),
        ("learningPathPeriodId" = LearningPathPeriodId, Path, description = "The period."),
    ),
    request_body(content = PatchLearningPathPeriod, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteStudents::SCOPE])),
)]
#[patch("/students/{studentId}/learning-path-periods/{learningPathPeriodId}")]
pub async fn update_learning_path_period(
    can: Can<WriteStudents>,
    path: Path<(StudentId, LearningPathPeriodId)>,
    body: MergePatch<PatchLearningPathPeriod>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<LearningPathPeriod>> {
    let (actor, (student, id)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        students::lock(conn, student)?;
        let standing = queries::find_for_update(conn, student, id)?;
        if_match.require(standing.version)?;
        let patch = body.into_inner();
        let (action, row) = if patch.withdrawn {
            queries::replace(conn, standing.row_id, None)?;
            ("withdrawn", standing.row_id)
        } else {
            let (period, end_reason) = rules::corrected(&standing, &patch, db::today(conn)?)?;
            let learning_path = patch.learning_path.into_change().unwrap_or(standing.learning_path);
            if period.to.is_none() && learning_path != standing.learning_path {
                students::must_offer(conn, student, learning_path)?;
            }
            let next = NewPeriod {
                learning_path,
                accelerated: patch.accelerated.into_change().unwrap_or(standing.accelerated),
                end_reason,
                effective_from: period.from,
                effective_to: period.to,
                ..standing.next()
            };
            queries::replace(conn, standing.row_id, Some(&next))?;
            ("corrected", next.row_id)
        };
        students::touch(conn, student)?;
        let codes = json!({ "studentId": student });
        audit::record(conn, &actor, Event::new(action, "learning-path-period", id).with(codes))?;
        Found::of(&queries::find_version(conn, row)?)
    })
    .await
}
