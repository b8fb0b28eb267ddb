//! Offers (stageplaatsen): seats for interns that a host offers for a period, itself or through its
//! bureau under a mandate.

mod actions;
mod handlers;
mod model;
mod queries;
mod rows;
mod rules;

pub use handlers::routes;
pub use model::{PLACEMENT_OFFER_LIFECYCLE, PlacementOffer, PlacementOfferStatus, PlacementSetting};
pub use queries::asks_for;
