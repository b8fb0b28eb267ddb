//! Certificates of mentors who were trained to guide interns (bijscholing stagebegeleider): dated
//! facts.

mod handlers;
mod model;
mod queries;
mod rows;
mod rules;

pub use handlers::routes;
pub use model::{MentorCertificate, RevocationReason};
