//! Contact assignments: the one fixed contact person at the bureau for a practice or a school.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::ContactAssignment;
