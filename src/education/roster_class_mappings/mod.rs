//! Which programme the classes of a school's own system belong to: OneRoster knows only classes.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use queries::programmes_of_classes;
