//! Placements (plaatsingen): a student of a school in a seat of a host, from the proposal on. The
//! steps have a slice of their own (`placement_transitions`).

mod actions;
mod handlers;
mod lifecycle;
mod model;
mod offered;
mod parent;
mod queries;
mod rows;
mod rules;
mod sides;

pub use handlers::routes;
pub use lifecycle::{EndReason, PLACEMENT_LIFECYCLE, PlacementStatus};
pub use model::{EmployerKind, Placement};
pub use offered::{require_host, require_published};
pub use parent::{Parent, PartKey, find_parent, require_visible};
pub use queries::{amend_terms, expired, find, find_for_update, find_standing, next_steps};
pub use rows::{Standing, Terms};
