//! Token issuers: the register of identity providers of partner regions whose tokens may be
//! exchanged for ours, with what each may vouch for.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::{SigningAlgorithm, TokenIssuer};
