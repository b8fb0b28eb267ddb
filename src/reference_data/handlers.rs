//! `/reference-data`.

use actix_web::get;

use super::model::{CodeList, CodeLists, lists};
use crate::auth::Anyone;
use crate::error::{Error, Result};
use crate::http::path::Path;
use crate::http::reply::Published;
use crate::http::routes::Routes;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_code_lists).service(get_code_list);
}

/// Read all code lists
///
/// Every enumeration (codelijst) of this contract with its Dutch and English labels.
#[utoipa::path(tag = "Reference data")]
#[get("/reference-data")]
pub async fn list_code_lists(_anyone: Anyone) -> Result<Published<CodeLists>> {
    Published::of(&lists())
}

/// Read a code list
///
/// One enumeration with its labels, for example `profession`.
#[utoipa::path(tag = "Reference data", params(("listCode" = String, Path, description = "Name of the list.", max_length = 64, pattern = "^[a-z]+(-[a-z]+)*$", example = "profession")))]
#[get("/reference-data/{listCode}")]
pub async fn get_code_list(_anyone: Anyone, code: Path<String>) -> Result<Published<CodeList>> {
    let list = lists().items.into_iter().find(|list| list.code == *code).ok_or(Error::NotFound)?;
    Published::of(&list)
}
