//! Agreements on placements (praktijkovereenkomsten, POK): their sheets (bpv-bladen), who signed
//! them how, and the link by which a student signs.

mod actions;
mod handlers;
mod model;
mod queries;
mod rows;
mod rules;
mod signatures;
mod signing;

pub use handlers::routes;
pub use model::{Agreement, AgreementEndReason, SignatureMethod, SigningParty};
pub use queries::has_sheet;
pub use rules::awaiting;
pub use signatures::last_signed_on;
