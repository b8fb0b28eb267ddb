//! Organisations: every tenant, and at the same time the directory of the field.

mod actions;
mod handlers;
mod model;
mod queries;
mod rules;

pub use actions::enter;
pub use handlers::routes;
pub use model::{CreateOrganisation, Organisation, OrganisationKind};
pub use queries::{kinds_of, require_visible};
