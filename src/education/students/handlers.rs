//! `/students` and `/schools/{schoolId}/students/{sourcedId}`.

use actix_web::web::Data;
use actix_web::{get, patch, post, put};

use super::actions::{self, Upserted};
use super::model::{SearchStudents, Student, StudentFilter, StudentPage};
use super::record::{PatchStudent, PutStudent};
use super::register::Register;
use super::rows::Held;
use super::{queries, rules};
use crate::audit::{self, Event};
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadStudents, WriteStudents};
use crate::db::feed::{Feed, Owner, Tenant};
use crate::db::{self, Db};
use crate::error::Result;
use crate::http::body::{Json, MergePatch};
use crate::http::etag::IfMatch;
use crate::http::page::Cursors;
use crate::http::path::Path;
use crate::http::query::Query;
use crate::http::reply::{Found, Listed, Put};
use crate::http::routes::Routes;
use crate::kernel::formats::SourcedId;
use crate::kernel::ids::{OrganisationId, StudentId};
use crate::kernel::role::Role;

const FEED: Feed = Feed {
    table: "students",
    collection: "students",
    tenants: &[Tenant { role: Role::School, column: "school_id", owner: Owner::Organisation }],
};

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_students)
        .service(search_students)
        .service(get_student)
        .service(update_student)
        .service(put_student);
}

/// List students
///
/// The students (studenten) of your school, with their names, in the order in which they were
/// entered. With `updatedSince` only what changed, in the order of the changes, for a nightly
/// sync: begin with a moment, then send the `nextUpdatedSince` you were given; an item may come
/// twice, none is missed. A change of name or of learning path counts too. An item that no
/// longer meets your other filters is not named, so sync without them. Personal data: who saw
/// whom is recorded.
#[utoipa::path(
    tag = "Students",
    params(StudentFilter),
    security(("bearer" = [ReadStudents::SCOPE])),
    extensions(("x-personal-data" = json!(true))),
)]
#[get("/students")]
pub async fn list_students(
    can: Can<ReadStudents>,
    filter: Query<StudentFilter>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<StudentPage>> {
    let (actor, filter) = (can.actor().clone(), filter.into_inner());
    let Some(since) = filter.updated_since else {
        let paging = cursors.open(&can, "students", &filter)?;
        return audit::show(&db, &can, move |conn| {
            let rows = queries::list(conn, &actor, &filter, &paging)?;
            let page = StudentPage::cut(&paging, rows, |student| student.id)?;
            audit::record_access(conn, &actor, "list_students", page.items.iter().map(|student| student.id))?;
            Listed::of(&page)
        })
        .await;
    };
    let paging = cursors.open(&can, "students", &filter)?;
    audit::show(&db, &can, move |conn| {
        let window = FEED.window(conn, since, paging.after.as_ref())?;
        let changed = queries::changed(conn, &actor, &filter, &window, paging.fetch())?;
        let removed = FEED.removed(conn, &window, paging.fetch())?;
        let page = StudentPage::changes(&paging, &window, changed, removed, |student| student.id.into())?;
        audit::record_access(conn, &actor, "list_students", page.items.iter().map(|student| student.id))?;
        Listed::of(&page)
    })
    .await
}

/// Search students
///
/// Finds students of your school by name, by e-mail address at the school or by their key in the
/// school's system, without these standing in a URL. Everything that is given has to fit; give at
/// least one. Changes nothing and takes no `Idempotency-Key`. Personal data: who saw whom is
/// recorded.
#[utoipa::path(
    tag = "Students",
    security(("bearer" = [ReadStudents::SCOPE])),
    extensions(("x-personal-data" = json!(true))),
)]
#[post("/students/_search")]
pub async fn search_students(
    can: Can<ReadStudents>,
    body: Json<SearchStudents>,
    cursors: Data<Cursors>,
    db: Data<Db>,
) -> Result<Listed<StudentPage>> {
    let (actor, search) = (can.actor().clone(), body.into_inner());
    rules::may_search(&search)?;
    let paging = cursors.open(&can, "students/_search", &search)?;
    audit::show(&db, &can, move |conn| {
        let rows = queries::search(conn, &actor, &search, &paging)?;
        let page = StudentPage::cut(&paging, rows, |student| student.id)?;
        audit::record_access(conn, &actor, "search_students", page.items.iter().map(|student| student.id))?;
        Listed::of(&page)
    })
    .await
}

/// Read a student
///
/// One student with name, programme and availability. Personal data: who saw whom is recorded.
#[utoipa::path(
    tag = "Students",
    params(("studentId" = StudentId, Path, description = "The student.")),
    security(("bearer" = [ReadStudents::SCOPE])),
    extensions(("x-personal-data" = json!(true))),
)]
#[get("/students/{studentId}")]
pub async fn get_student(can: Can<ReadStudents>, id: Path<StudentId>, db: Data<Db>) -> Result<Found<Student>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    audit::show(&db, &can, move |conn| {
        let student = queries::find(conn, id)?;
        audit::record_access(conn, &actor, "get_student", [id])?;
        Found::of(&student)
    })
    .await
}

/// Change a student
///
/// Changes what is sent, clears what is null. The learning path is changed in its periods. A
/// text with nine digits that may be a BSN is refused (`bsn-like`), and so is every property that
/// is not listed here, such as a date of birth.
#[utoipa::path(
    tag = "Students",
    params(("studentId" = StudentId, Path, description = "The student.")),
    request_body(content = PatchStudent, content_type = "application/merge-patch+json"),
    security(("bearer" = [WriteStudents::SCOPE])),
    extensions(("x-personal-data" = json!(true))),
)]
#[patch("/students/{studentId}")]
pub async fn update_student(
    can: Can<WriteStudents>,
    id: Path<StudentId>,
    body: MergePatch<PatchStudent>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Found<Student>> {
    let (actor, id) = (can.actor().clone(), id.into_inner());
    db.write(&can, move |conn| {
        let held = queries::find_for_update(conn, id)?;
        if_match.require(held.version())?;
        let (register, today) = (Register::read(conn, held.student.school_id)?, db::today(conn)?);
        let done = actions::apply(conn, &held, body.into_inner(), &register, today)?;
        if matches!(done, Upserted::Updated(_)) {
            audit::record(conn, &actor, Event::new("changed", "student", id))?;
        }
        // The answer shows the whole student, also to who changed nothing.
        audit::record_access(conn, &actor, "update_student", [id])?;
        Found::of(&queries::find(conn, id)?)
    })
    .await
}

/// Enter or change a student
///
/// Makes the student with this key what your system says, whether it was here before or not: for
/// a sync by single records. The key (`sourcedId`) is the one under which your system knows the
/// record, such as a GUID; it stays the same for ever and is not the student number, and never a
/// BSN. What is absent stays as it was, null clears it. Saying the same again changes nothing:
/// neither the version nor `updatedAt`. Whoever is put is active. A student is of a registered
/// programme of the school. Another learning path than before is recorded as a switch of today.
/// A text with nine digits that may be a BSN is refused (`bsn-like`), and so is every property
/// that is not listed here, such as a date of birth. `If-Match` is optional; with it nobody is entered
/// anew.
#[utoipa::path(
    tag = "Students",
    params(
        ("schoolId" = OrganisationId, Path, description = "The school: your own."),
        ("sourcedId" = SourcedId, Path, description = "Key of the student in the school's system."),
    ),
    security(("bearer" = [WriteStudents::SCOPE])),
    extensions(("x-personal-data" = json!(true))),
)]
#[put("/schools/{schoolId}/students/{sourcedId}")]
pub async fn put_student(
    can: Can<WriteStudents>,
    path: Path<(OrganisationId, SourcedId)>,
    body: Json<PutStudent>,
    if_match: IfMatch,
    db: Data<Db>,
) -> Result<Put<Student>> {
    let (actor, (school, key)) = (can.actor().clone(), path.into_inner());
    db.write(&can, move |conn| {
        queries::require_own_school(conn, school)?;
        let held = queries::held(conn, school, std::slice::from_ref(&key))?.remove(&key);
        if_match.allow(held.as_ref().map(Held::version))?;
        let (register, today) = (Register::read(conn, school)?, db::today(conn)?);
        let record = body.into_inner().into_record(key);
        let done = actions::upsert(conn, school, held.as_ref(), record, &register, today)?;
        match done {
            Upserted::Unchanged(_) => {}
            Upserted::Created(id) => audit::record(conn, &actor, Event::new("created", "student", id))?,
            Upserted::Updated(id) => audit::record(conn, &actor, Event::new("changed", "student", id))?,
        }
        audit::record_access(conn, &actor, "put_student", [done.id()])?;
        let student = queries::find(conn, done.id())?;
        if matches!(done, Upserted::Created(_)) { Put::created(&student) } else { Put::found(&student) }
    })
    .await
}
