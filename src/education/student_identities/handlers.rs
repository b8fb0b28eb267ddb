//! `/students/_identities`.

use actix_web::post;
use actix_web::web::Data;

use super::model::{ShowIdentities, StudentIdentities};
use super::queries;
use crate::audit;
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadStudentIdentities};
use crate::db::Db;
use crate::error::Result;
use crate::http::body::Json;
use crate::http::reply::Listed;
use crate::http::routes::Routes;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(show_student_identities);
}

/// Show the names of students
///
/// Names and e-mail addresses at the school of up to 200 students, for a board that knows them by
/// id only. Whoever is not there, was erased or is not yours to see is missing from the answer,
/// without a word. Changes nothing and takes no `Idempotency-Key`. Personal data: who saw whom is
/// recorded.
#[utoipa::path(
    tag = "Students",
    security(("bearer" = [ReadStudentIdentities::SCOPE])),
    extensions(("x-personal-data" = json!(true))),
)]
#[post("/students/_identities")]
pub async fn show_student_identities(
    can: Can<ReadStudentIdentities>,
    body: Json<ShowIdentities>,
    db: Data<Db>,
) -> Result<Listed<StudentIdentities>> {
    let (actor, asked) = (can.actor().clone(), body.into_inner());
    audit::show(&db, &can, move |conn| {
        let items = queries::list(conn, &asked.student_ids)?;
        audit::record_access(conn, &actor, "show_student_identities", items.iter().map(|identity| identity.id))?;
        Listed::of(&StudentIdentities { items })
    })
    .await
}
