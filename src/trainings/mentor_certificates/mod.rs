//! Certificates of mentors who were trained to guide interns (bijscholing stagebegeleider): dated
//! facts. [`has_valid_certificate`] tells of a mentor, [`practice_has_valid_certificate`] of a practice.

mod handlers;
mod model;
mod queries;
mod rows;
mod rules;

pub use handlers::routes;
pub use model::{MentorCertificate, RevocationReason};
pub use queries::{has_valid_certificate, practice_has_valid_certificate};
