//! `/v1`: the service document.

use actix_web::get;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::contract::Contract;
use super::page::{DEFAULT_LIMIT, MAX_LIMIT};
use super::reply::Published;
use super::upload::LARGEST_UPLOAD;
use crate::auth::Anyone;
use crate::config::Limits;
use crate::error::Result;
use crate::http::routes::Routes;

/// What this service is, where its parts are, and its limits.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceDocument {
    /// Name.
    #[schema(max_length = 64)]
    pub name: &'static str,
    /// Version of the API (SemVer).
    #[schema(max_length = 32)]
    pub version: &'static str,
    /// The contract.
    #[schema(max_length = 200)]
    pub contract: &'static str,
    /// The documentation page.
    #[schema(max_length = 200)]
    pub documentation: &'static str,
    /// Where tokens are asked for.
    #[schema(max_length = 200)]
    pub token_endpoint: &'static str,
    /// Languages of problems and labels; the first is the default.
    #[schema(value_type = Vec<crate::kernel::text::Line<20>>, max_items = 8)]
    pub languages: [&'static str; 2],
    /// Limits that are enforced.
    pub limits: ServiceLimits,
}

/// Limits that are enforced.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceLimits {
    /// Items on a page unless asked otherwise.
    #[schema(minimum = 1, maximum = 200)]
    pub default_page_size: u16,
    /// The most items on a page.
    #[schema(minimum = 1, maximum = 200)]
    pub max_page_size: u16,
    /// The largest JSON body, in bytes (413 beyond).
    #[schema(minimum = 1, maximum = 10_000_000)]
    pub max_body_bytes: u32,
    /// The largest roster, in bytes (413 beyond).
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub max_roster_bytes: u32,
    /// Requests per second and client that are sustained (429 beyond); 0 where nothing is counted.
    #[schema(minimum = 0, maximum = 100_000)]
    pub requests_per_second: u32,
    /// Requests that may come at once on top of that.
    #[schema(minimum = 1, maximum = 100_000)]
    pub burst: u32,
    /// How long an Idempotency-Key is remembered, in hours.
    #[schema(minimum = 1, maximum = 1000)]
    pub idempotency_key_hours: u16,
}

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(get_service).service(get_contract);
}

/// Read the service document
///
/// What this service is, where its contract and documentation are, and the limits it enforces.
#[utoipa::path(tag = "Service")]
#[get("")]
pub async fn get_service(_anyone: Anyone, limits: Data<Limits>) -> Result<Published<ServiceDocument>> {
    Published::of(&ServiceDocument {
        name: "Stagepunt API",
        version: env!("CARGO_PKG_VERSION"),
        contract: "/v1/openapi.json",
        documentation: "/docs",
        token_endpoint: "/oauth/token",
        languages: ["nl", "en"],
        limits: ServiceLimits {
            default_page_size: DEFAULT_LIMIT,
            max_page_size: MAX_LIMIT,
            max_body_bytes: 256 * 1024,
            max_roster_bytes: LARGEST_UPLOAD,
            requests_per_second: limits.requests_per_second,
            burst: limits.burst,
            idempotency_key_hours: 72,
        },
    })
}

/// Read the contract
///
/// This document (OpenAPI 3.1), for every origin.
#[utoipa::path(tag = "Service")]
#[get("/openapi.json")]
pub async fn get_contract(_anyone: Anyone, contract: Data<Contract>) -> Published<OpenApiDocument> {
    Published::of_json(contract.json())
}

/// An OpenAPI 3.1 document, as that specification describes it.
#[derive(Debug, ToSchema)]
pub struct OpenApiDocument {
    /// Version of the specification.
    #[schema(max_length = 16)]
    pub openapi: String,
}
