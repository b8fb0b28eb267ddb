//! Qualifications (kwalificaties): what interns are in training for; reference rows, written by
//! migrations only.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::{Qualification, QualificationFramework};
pub use queries::framework_of;
pub use rules::paths_fit;
