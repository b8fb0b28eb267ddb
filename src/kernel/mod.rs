//! Values the whole house speaks in: no queries, no HTTP, no clock.

pub mod ids;
pub mod text;
