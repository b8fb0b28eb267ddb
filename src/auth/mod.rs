//! Who is calling and what they may do: the permission table, tokens, clients, and the guard
//! [`Can`] that every handler names first.

mod actor;
mod can;
pub mod me;
pub mod permissions;

pub use actor::{Actor, ActorKind, Scope};
pub use can::{Anyone, Can};
