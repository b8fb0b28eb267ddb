//! Barriers: what stands in the way of an initiative, since when, and until when. Dated facts.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
