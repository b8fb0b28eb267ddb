//! Wing: who guides interns at practices, and how they were trained for it.

pub mod mentor_certificates;
pub mod mentors;

use utoipa_actix_web::service_config::ServiceConfig;

/// The wing's routes, one line per slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.configure(mentors::routes).configure(mentor_certificates::routes);
}
