//! Recognitions (erkenningen): which organisation may train whom as a training company.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::Recognition;
