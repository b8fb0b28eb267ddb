//! Wing: the ground everything stands on: organisations (organisaties) with their sites,
//! recognitions and hosting intents, and the qualifications that interns are in training for.

pub mod address;
pub mod hosting_intents;
pub mod organisations;
pub mod qualifications;
pub mod recognitions;
pub mod sites;

use crate::http::routes::Routes;

/// The wing's routes, one line per slice.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .configure(organisations::routes)
        .configure(sites::routes)
        .configure(recognitions::routes)
        .configure(hosting_intents::routes)
        .configure(qualifications::routes);
}
