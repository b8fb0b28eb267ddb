//! `/audit-events`: what was done by one's own organisation, or in its name.

mod handlers;
mod model;
mod queries;

pub use handlers::routes;
