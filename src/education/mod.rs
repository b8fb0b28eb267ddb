//! Wing: what schools teach and whom: programmes (opleidingen) with their cohorts and counts, their
//! students, what may be expected of an intern, and the hours that the law asks for.

pub mod cohort_counts;
pub mod cohorts;
pub mod expectation_profiles;
pub mod hour_norms;
pub mod learning_path_periods;
pub mod programmes;
pub mod roster_class_mappings;
pub mod roster_imports;
pub mod student_identities;
pub mod students;

use crate::http::routes::Routes;

/// The wing's routes, one line per slice.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .configure(programmes::routes)
        .configure(cohorts::routes)
        .configure(cohort_counts::routes)
        .configure(expectation_profiles::routes)
        .configure(hour_norms::routes)
        .configure(students::routes)
        .configure(student_identities::routes)
        .configure(learning_path_periods::routes)
        .configure(roster_class_mappings::routes)
        .configure(roster_imports::routes);
}
