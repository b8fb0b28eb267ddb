//! Signals (signalen): something is the matter with a placement or a request; followed until it is
//! settled. A roster that no longer has a student, and a switch of the learning path, raise them
//! too, in the database.

mod handlers;
mod model;
mod of_requests;
mod queries;
mod rules;
mod steps;

pub use handlers::routes;
pub use model::{SIGNAL_LIFECYCLE, SignalKind, SignalStatus};
