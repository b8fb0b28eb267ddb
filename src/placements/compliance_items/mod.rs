//! Compliance items (startvoorwaarden): whether a placement has what it needs before it starts.
//! Status and validity only, never a document or a word about health.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::ComplianceStatus;
