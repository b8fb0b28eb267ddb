//! Wing: placing students: what schools ask of a region, and who waits.

pub mod requests;
pub mod waiting_list;

use utoipa_actix_web::service_config::ServiceConfig;

/// The wing's routes, one line per slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.configure(requests::routes).configure(waiting_list::routes);
}
