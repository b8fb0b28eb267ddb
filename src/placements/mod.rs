//! Wing: from the seat that a host offers, and the student a school asks one for, to the intern in it.

pub mod agreements;
pub mod attendance;
pub mod compliance_items;
pub mod contact_moments;
pub mod evaluations;
pub mod offers;
pub mod outcomes;
pub mod placement_transitions;
pub mod placements;
pub mod readiness;
pub mod requests;
pub mod signals;
pub mod tasks;
pub mod waiting_list;

use crate::http::routes::Routes;

/// The wing's routes, one line per slice.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .configure(offers::routes)
        .configure(requests::routes)
        .configure(waiting_list::routes)
        .configure(placements::routes)
        .configure(placement_transitions::routes)
        .configure(readiness::routes)
        .configure(compliance_items::routes)
        .configure(contact_moments::routes)
        .configure(signals::routes)
        .configure(evaluations::routes)
        .configure(attendance::routes)
        .configure(outcomes::routes)
        .configure(agreements::routes)
        .configure(tasks::routes);
}
