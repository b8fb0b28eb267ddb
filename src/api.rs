//! Table of contents: one line per slice. Builds the contract from what is registered here, so
//! that a route cannot exist without being documented.

mod answers;
mod contract;
mod limits;

use actix_web::App;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt as _, scope};

use crate::{auth, http, initiatives};

/// Every route of the service.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(auth::sign_in::issue_token)
        .service(auth::sign_in::get_authorization_server)
        .service(auth::sign_in::get_public_keys)
        .configure(http::health::routes)
        .service(
            scope::scope("/v1")
                .configure(http::service::routes)
                .configure(auth::me::routes)
                .configure(auth::links::routes)
                .configure(auth::clients::routes)
                .configure(auth::issuers::routes)
                .configure(crate::organisations::routes)
                .configure(crate::regions::routes)
                .configure(crate::education::routes)
                .configure(initiatives::routes)
                .configure(crate::placements::routes)
                .configure(crate::trainings::routes)
                .configure(crate::audit::events::routes)
                .configure(crate::jobs::routes)
                .configure(crate::reference_data::routes),
        );
}

/// The contract as partners read it: paths relative to `/v1`, others with a server of their own.
#[must_use]
pub fn contract() -> OpenApi {
    // What was documented for somebody else on this thread.
    let _ = http::reply::collected_schemas();
    let (_, mut openapi) = App::new().into_utoipa_app().configure(routes).split_for_parts();
    contract::complete(&mut openapi);
    contract::published(openapi)
}
