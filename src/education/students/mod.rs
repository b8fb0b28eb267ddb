//! Students (studenten) of a school's registered programmes: what is needed to place them, and
//! nothing else about the person.

mod actions;
mod handlers;
mod model;
mod queries;
mod record;
mod register;
mod rows;
mod rules;

pub use actions::must_offer;
pub use handlers::routes;
pub use model::Student;
pub use queries::{find, lock, require_visible, touch};
pub use record::{CohortKey, PutStudent, StudentRecord};
pub use register::{Register, Registered};
pub use rules::STUDENT_INACTIVE;
