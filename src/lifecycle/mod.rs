//! Lifecycles: one declarative table per resource. From it follow what a caller may do next,
//! the 409 answer, the history with its corrections, and `docs/lifecycles.md`.
//! No state is set anywhere else.

mod diagram;
mod history;
mod standing;
mod table;

pub use diagram::mermaid;
pub use history::{
    Corrected, Correction, History, NOT_CORRECTABLE, Step, Taken, advance, begin, correct, corrected, follow, history,
    last_effective_on, record_correction,
};
pub use standing::standing_step;
pub use table::{Derived, Follow, LifecycleTable, Mender, Move, Request, State, Way, invalid_transition, optional};
