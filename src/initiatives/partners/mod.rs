//! Partners: who works along in an initiative, in which role and when.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::PartnerRole;
