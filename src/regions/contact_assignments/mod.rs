//! Contact assignments: the one fixed contact person at the bureau for a practice, a school or a
//! student.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::ContactAssignment;
