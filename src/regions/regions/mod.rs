//! Regions: where placements are made, each with the organisation that is its placement bureau.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::Region;
pub use queries::{bureau_of, must_exist};
