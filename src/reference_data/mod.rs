//! `/reference-data`: every code list of the contract with Dutch and English labels.

mod handlers;
mod model;

pub use handlers::routes;
