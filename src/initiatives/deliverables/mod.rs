//! Deliverables: what an initiative hands over by when.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::DeliverableKind;
pub use queries::copy_plan;
