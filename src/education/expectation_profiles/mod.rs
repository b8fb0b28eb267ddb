//! Expectation profiles (verwachtingsprofielen): which tasks a host may expect an intern of a study year
//! to take on, from which week, and whether alone. A school writes its own, a bureau that of its region.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::{ExpectationProfile, Independence};
