//! Workforce needs: how many people of a profession a region needs in a year, as estimated from
//! a day on.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::WorkforceNeed;
