//! Students (studenten) of a school's registered programmes: what is needed to place them, and
//! nothing else about the person.

mod model;

pub use model::{CohortKey, PutStudent, StudentRecord};
