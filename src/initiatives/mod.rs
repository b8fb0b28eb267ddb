//! Wing: regional initiatives (initiatieven) and their parts, and the public catalogue of them.

pub mod barriers;
pub mod catalogue;
pub mod copies;
pub mod deliverables;
pub mod initiatives;
pub mod milestones;
pub mod partners;

use crate::http::routes::Routes;

/// The wing's routes, one line per slice.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .configure(initiatives::routes)
        .configure(copies::routes)
        .configure(partners::routes)
        .configure(milestones::routes)
        .configure(deliverables::routes)
        .configure(barriers::routes)
        .configure(catalogue::routes);
}
