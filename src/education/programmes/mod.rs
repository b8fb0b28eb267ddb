//! Programmes (opleidingen): what a school teaches, under which code and on which learning paths.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::Programme;
