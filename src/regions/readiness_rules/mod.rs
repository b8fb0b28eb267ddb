//! Readiness rules: what a placement in a region needs before it starts, by date.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::{ReadinessRule, Requirement, Severity};
