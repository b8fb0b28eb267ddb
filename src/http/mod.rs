//! Conventions of every endpoint, built once: problems, bodies, replies, pages, preconditions,
//! idempotency, and the middleware around them.

pub mod accept;
pub mod body;
pub mod bsn;
pub mod contract;
pub mod csv;
pub mod documentation;
pub mod etag;
pub mod faults;
pub mod feed;
pub mod health;
pub mod idempotency;
pub mod middleware;
pub mod page;
pub mod patch;
pub mod path;
pub mod poll;
pub mod problem;
pub mod proxies;
pub mod query;
pub mod reply;
pub mod routes;
pub mod server;
pub mod service;
pub mod sign_page;
mod strict;
pub mod upload;

#[cfg(test)]
mod specimen;
