//! Copies: an initiative that worked in one region as the plan for another.

mod handlers;
mod model;

pub use handlers::routes;
