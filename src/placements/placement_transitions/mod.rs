//! The steps of a placement: who may take which is in its lifecycle table, what each one needs is
//! decided here.

mod actions;
mod handlers;
mod model;
mod rules;
mod sweep;

pub use handlers::routes;
pub use sweep::RESERVATIONS_OVER;
