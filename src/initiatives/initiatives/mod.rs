//! Initiatives: what a lead organisation and its bureau run in a region, for a fund to see.

mod handlers;
mod model;
mod queries;
mod rows;
mod rules;

pub use handlers::routes;
pub use model::{INITIATIVE_LIFECYCLE, Initiative, InitiativeStatus};
