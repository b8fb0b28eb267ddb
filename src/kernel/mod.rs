//! Values the whole house speaks in: no queries, no HTTP, no clock.

pub mod bsn;
pub mod checks;
pub mod coded;
pub mod day;
pub mod fact;
pub mod field;
pub mod formats;
pub mod ids;
pub mod money;
pub mod named;
pub mod role;
pub mod since;
pub mod text;
pub mod today;
