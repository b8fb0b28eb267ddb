//! Qualifications (kwalificaties): what interns are in training for; reference rows, written by
//! migrations only.

mod handlers;
mod model;
mod queries;

pub use handlers::routes;
pub use model::{Qualification, QualificationFramework};
