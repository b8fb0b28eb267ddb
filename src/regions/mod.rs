//! Wing: regions and what binds organisations to them: memberships, contact persons, readiness
//! rules, workforce needs, and the mandates by which a bureau acts for a practice.

pub mod contact_assignments;
pub mod mandates;
pub mod memberships;
pub mod readiness_rules;
pub mod regions;
pub mod workforce_needs;

use crate::http::routes::Routes;

/// The wing's routes, one line per slice.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .configure(regions::routes)
        .configure(memberships::routes)
        .configure(contact_assignments::routes)
        .configure(readiness_rules::routes)
        .configure(workforce_needs::routes)
        .configure(mandates::routes);
}
