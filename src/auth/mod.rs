//! Who is calling and what they may do: the permission table, tokens, clients, and the guard
//! [`Can`] that every handler names first; [`links::ByLink`] where a mailed link opens instead.

mod actor;
mod can;
pub mod clients;
pub mod command;
pub mod issuers;
pub mod keys;
pub mod links;
pub mod me;
pub mod permissions;
pub mod secret;
pub mod sign_in;
pub mod token;

pub use actor::{Actor, ActorKind, Scope};
pub use can::{Anyone, Can};

/// How long a token lives, in seconds.
pub const TOKEN_LIFETIME: i64 = 600;
