//! Learning path periods (leerwegperiodes): how a student learned when, as dated facts that are
//! never overwritten, because figures are counted from them.

mod actions;
mod handlers;
mod model;
mod queries;
mod rules;

pub use actions::{begin, correct_open, open_of, switch};
pub use handlers::routes;
pub use model::{EndReason, LearningPathPeriod, Standing};
