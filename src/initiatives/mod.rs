//! Wing: regional initiatives (initiatieven) and their parts, and the public catalogue of them.

pub mod initiatives;

use utoipa_actix_web::service_config::ServiceConfig;

/// The wing's routes, one line per slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.configure(initiatives::routes);
}
