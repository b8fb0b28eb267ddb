//! Hosting intents (stagebereidheid): whether a host means to offer seats in a school year, and
//! why not, as dated facts.

mod actions;
mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::{Intent, NotOfferingReason};
