//! `/me`: whom the token speaks for.

mod handlers;
mod model;
mod queries;

pub use handlers::routes;
