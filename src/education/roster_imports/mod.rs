//! Roster imports (aangeleverde studentenlijsten): a school hands over its whole roster in one upload; a worker
//! applies it in one transaction, or not at all.

mod actions;
mod batch;
pub mod formats;
mod handlers;
mod import;
mod leases;
mod merge;
mod model;
mod queries;
mod register;
mod rules;
mod source;
mod worker;

pub use actions::LAPSED_IMPORTS;
pub use handlers::routes;
pub use model::{RosterForm, RosterImportStatus, RosterMode};
pub use worker::Worker;
