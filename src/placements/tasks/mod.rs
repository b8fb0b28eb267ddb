//! Tasks (taken): what still has to be done for placements, by whom and by when. Worked out from the
//! placements and their parts whenever it is asked; nothing of it is stored.

mod actions;
mod handlers;
mod model;
mod queries;
mod rows;
mod rules;

pub use handlers::routes;
pub use model::{Task, TaskAssignee, TaskKind};
