//! Students (studenten) of a school's registered programmes: what is needed to place them, and
//! nothing else about the person.

mod actions;
mod handlers;
mod model;
mod queries;
mod record;
mod rows;
mod rules;

pub use actions::{Upserted, deactivate, find, held_of, lock, must_offer, register_of, require_visible, touch, upsert};
pub use handlers::routes;
pub use model::Student;
pub use record::{CohortKey, PutStudent, StudentRecord};
pub use rows::{Held, Register};
