//! Conventions of every endpoint, built once: problems, bodies, replies, pages, preconditions,
//! idempotency, and the middleware around them.

pub mod body;
pub mod contract;
pub mod faults;
pub mod patch;
pub mod path;
pub mod problem;
pub mod query;
pub mod reply;
mod strict;

#[cfg(test)]
mod specimen;
