//! `/link`.

use actix_web::get;

use super::guard::ByLink;
use super::model::{AnyLink, Link};
use crate::error::Result;
use crate::http::reply::Listed;
use crate::http::routes::Routes;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(get_link);
}

/// Read what your link opens
///
/// For whoever was mailed a link (link per mail): what it is for, which resource it opens and when
/// it runs out. The token stands behind the `#` of the mailed address; send it as
/// `Authorization: Link <token>`. Reading does not use the link up. A link that is unknown, used,
/// revoked or run out answers 401; after ten of those in a minute from one address, 429.
#[utoipa::path(tag = "Links", security(("link" = [])))]
#[get("/link")]
pub async fn get_link(link: ByLink<AnyLink>) -> Result<Listed<Link>> {
    Listed::of(&link.shown())
}
