//! The API as its callers see it: a real server, a real PostgreSQL, real requests.

mod support;

mod contract;
mod idempotency;
mod migrations;
mod row_policies;
mod sign_in;
mod walk;
