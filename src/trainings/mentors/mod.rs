//! Mentors (praktijkbegeleiders): people at a practice who guide interns. Their names stand apart,
//! and only the operations of this slice show them; everything else knows a mentor's id.

mod actions;
mod handlers;
mod model;
mod queries;
mod rows;
mod rules;

pub use actions::require_guide;
pub use handlers::routes;
pub use model::Mentor;
pub use queries::{guides_at, practice_of};
