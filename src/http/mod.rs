//! Conventions of every endpoint, built once: problems, bodies, replies, pages, preconditions,
//! idempotency, and the middleware around them.

pub mod body;
pub mod etag;
pub mod idempotency;
pub mod page;
pub mod patch;
pub mod problem;
pub mod query;
pub mod reply;
pub mod service;
