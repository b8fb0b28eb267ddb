//! Wing: from the seat that a host offers to the intern in it.

pub mod offers;

use utoipa_actix_web::service_config::ServiceConfig;

/// The wing's routes, one line per slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.configure(offers::routes);
}
