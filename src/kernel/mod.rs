//! Values the whole house speaks in: no queries, no HTTP, no clock.

pub mod coded;
pub mod fact;
pub mod ids;
pub mod role;
pub mod text;
pub mod today;
