//! Milestones: what an initiative means to have reached by when.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use queries::copy_plan;
