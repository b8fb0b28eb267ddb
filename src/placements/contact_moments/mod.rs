//! Contact moments (contactmomenten): the talks about a placement, append-only.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::{ContactKind, ContactParticipant};
pub use queries::talks_held;
