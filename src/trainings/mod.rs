//! Wing: who guides interns at practices, and how they were trained for it.

pub mod mentor_certificates;
pub mod mentors;

use crate::http::routes::Routes;

/// The wing's routes, one line per slice.
pub fn routes(routes: &mut Routes<'_>) {
    routes.configure(mentors::routes).configure(mentor_certificates::routes);
}
