//! Placement requests (stageaanvragen): a school asks a region for a seat for a student. The open
//! ones are the waiting list of the region.

mod handlers;
mod model;
mod queries;
mod rows;
mod rules;
mod sweep;

pub use handlers::routes;
pub use model::{PlacementRequest, PlacementRequestStatus, REQUEST_LIFECYCLE, RequestPriority};
pub use queries::{asks_for, find_open, open_for, require_visible};
pub use rules::REQUEST_NOT_OPEN;
pub use sweep::PERIODS_OVER;
