//! Values the whole house speaks in: no queries, no HTTP, no clock.

pub mod day;
pub mod formats;
pub mod ids;
pub mod text;
