//! Attendance (aanwezigheid): how long an intern was there, stretch by stretch. Minutes only, never
//! why somebody was not.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
