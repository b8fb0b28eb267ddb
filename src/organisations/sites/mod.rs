//! Sites (vestigingen) of organisations: where people work and interns learn.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::{Site, SiteSetting};
