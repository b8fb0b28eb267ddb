//! Evaluations (beoordelingen): how an intern does, by a rubric on attitude and skills, append-only.

mod handlers;
mod model;
mod queries;
mod rules;

pub use handlers::routes;
pub use model::{EvaluationJudge, EvaluationMoment, RubricGroup};
