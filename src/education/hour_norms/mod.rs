//! Hour norms (urennormen): how many hours the law asks of a programme; reference rows, written by
//! migrations only.

mod handlers;
mod model;
mod queries;

pub use handlers::routes;
pub use model::{HourBasis, HourNorm};
