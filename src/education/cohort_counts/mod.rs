//! Counts of a cohort (tellingen): how many applied, wait and are enrolled, as counted on a day. The
//! waiting list of a school is people who are on no roster.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::CohortCount;
