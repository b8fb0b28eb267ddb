//! `/jobs`: work that outlasts its request. Any process can finish what another accepted.

mod handlers;
mod model;
mod queries;

pub use handlers::routes;
pub use model::JobStatus;
