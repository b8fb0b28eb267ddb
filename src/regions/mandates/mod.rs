//! Mandates: what a bureau may do in the name of a practice. Slices whose actions a bureau can
//! take for a practice ask [`acting_for`] whose step it is.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::{EvidenceKind, MANDATE_LIFECYCLE, Mandate, MandateOrigin, MandateScope, MandateStatus};
pub use queries::{acting_for, in_force};
pub use rules::MANDATE_MISSING;
