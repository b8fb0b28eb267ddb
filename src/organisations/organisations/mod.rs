//! Organisations: every tenant, and at the same time the directory of the field.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::{Organisation, OrganisationKind};
pub use queries::{kinds_of, require_visible};
