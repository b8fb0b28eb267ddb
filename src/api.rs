//! Table of contents: one line per slice. What is registered here is what is served, and what the
//! contract is made of.

mod answers;
mod contract;
mod examples;
mod limits;

use serde_json::Value;

use crate::error::{Error, Result};
use crate::http::routes::Routes;
use crate::{auth, http, initiatives};

/// The contract as it is committed, published and served; a test says whether it is what the code
/// would make of itself.
pub const PUBLISHED: &str = include_str!("../openapi/openapi.json");

/// Every route of the service.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(auth::sign_in::issue_token)
        .service(auth::sign_in::get_authorization_server)
        .service(auth::sign_in::get_public_keys)
        .configure(http::health::routes)
        .scope("/v1", |v1| {
            v1.configure(http::service::routes)
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
                .configure(crate::reference_data::routes);
        });
}

/// The contract as partners read it, made of the code: paths relative to `/v1`, others with a
/// server of their own.
///
/// # Errors
/// Only a defect of ours.
pub fn contract() -> Result<Value> {
    // What was documented for somebody else on this thread.
    let _ = http::reply::collected_schemas();
    let mut openapi = Routes::described(routes);
    contract::complete(&mut openapi);
    // By way of a value, so that the members of every object are in alphabetical order.
    let mut document = serde_json::to_value(contract::published(openapi)).map_err(Error::internal)?;
    examples::fill(&mut document)?;
    Ok(document)
}
