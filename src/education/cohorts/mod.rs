//! Cohorts (lichtingen): who starts a programme in a school year, in which form, and how many a school
//! admits at most.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::{Cohort, CohortForm};
pub use queries::{find_writable, require_visible};
