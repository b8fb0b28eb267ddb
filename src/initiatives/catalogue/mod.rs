//! The public catalogue: what anybody may know of a published initiative, without a token.

mod handlers;
mod model;
mod queries;

pub use handlers::routes;
