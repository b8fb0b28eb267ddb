//! Names of students by their ids, for a frontend that shows a board of placements or requests.

mod handlers;
mod model;
mod queries;

pub use handlers::routes;
pub use model::StudentIdentity;
pub use queries::find;
