//! Outcomes (uitkomsten): what became of an intern, at the end and after a year, append-only.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::{OutcomeKind, OutcomeMoment};
