//! `/me`.

use actix_web::get;
use actix_web::web::Data;

use super::model::{Me, RateLimit};
use super::queries;
use crate::auth::Can;
use crate::auth::permissions::{Permission as _, ReadMe};
use crate::config::Limits;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::http::reply::Listed;
use crate::http::routes::Routes;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(get_me);
}

/// Read who you are
///
/// The client, role, organisation, regions, scopes, mandates (machtigingen) and rate limit behind the token.
#[utoipa::path(tag = "Service", security(("bearer" = [ReadMe::SCOPE])))]
#[get("/me")]
pub async fn get_me(can: Can<ReadMe>, limits: Data<Limits>, db: Data<Db>) -> Result<Listed<Me>> {
    let actor = can.actor().clone();
    let rate_limit = RateLimit { requests_per_second: limits.requests_per_second, burst: limits.burst };
    db.snapshot(&can, move |conn| {
        let (Some(client_id), Some(role), Some(own)) = (actor.client, actor.role, actor.organisation) else {
            return Err(Error::Unauthenticated);
        };
        Listed::of(&Me {
            client_id,
            role,
            organisation: queries::find_organisation(conn, own)?,
            regions: queries::list_regions(conn)?,
            scopes: actor.scopes.iter().cloned().collect(),
            mandates: queries::list_mandates(conn, own)?,
            rate_limit,
        })
    })
    .await
}
