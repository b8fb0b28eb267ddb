//! The API as its callers see it: a real server, a real PostgreSQL, real requests.

mod support;

mod contract;
mod exports;
mod feeds;
mod migrations;
mod personal_data;
mod row_policies;
mod sign_in;
mod walk;
