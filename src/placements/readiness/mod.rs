//! Readiness: what a placement needs before it starts, what of it is there, and what only warns.

mod actions;
mod handlers;
mod model;
mod queries;
mod rules;

pub use actions::{preparations_of, require_ready};
pub use handlers::routes;
pub use model::{Need, NeedCode, Preparation, Readiness, Unsigned};
