//! The waiting list (wachtlijst) of a region: its open requests, each with its place and why, and
//! who of them fits an offer.

mod handlers;
mod model;
mod queries;

pub use handlers::routes;
pub use model::Waiting;
