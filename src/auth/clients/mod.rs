//! API clients: who may ask for tokens. The platform makes them for any organisation; an
//! organisation rotates the secrets of its own, narrows and revokes them.

mod actions;
mod handlers;
mod model;
mod queries;
mod rules;

pub use actions::{Issued, create};
pub(super) use actions::{rotate, transition};
pub use handlers::routes;
pub use model::{ApiClient, ApiClientStatus, NewApiClient};
pub(super) use queries::list_all;
pub(super) use rules::ceiling;
