//! Initiatives: what a lead organisation and its bureau run in a region, for a fund to see.

mod copy;
mod handlers;
mod model;
mod parent;
mod queries;
mod rows;
mod rules;

pub use copy::{Draft, copy_into, find};
pub use handlers::routes;
pub use model::{ContactChannel, INITIATIVE_LIFECYCLE, Initiative, InitiativeStatus};
pub use parent::{Parent, Part, find_writable, find_writable_of, require_named, require_visible};
