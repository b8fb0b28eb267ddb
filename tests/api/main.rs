//! The API as its callers see it: a real server, a real PostgreSQL, real requests.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::wrong_self_convention,
    reason = "a test that panics has failed, and reads as a sentence"
)]

mod support;

mod api_clients;
mod append_only;
mod canaries;
mod contract;
mod demo;
mod documentation;
mod education;
mod errors;
mod exports;
mod failures;
mod feeds;
mod ground;
mod idempotency;
mod input;
mod links;
mod logins;
mod mailing;
mod mandates;
mod migrations;
mod money;
mod parts;
mod personal_data;
mod placements;
mod plans;
mod regions;
mod roster_imports;
mod row_policies;
mod sign_in;
mod signing_keys;
mod statements;
mod story;
mod students;
mod tenants;
mod token_issuers;
mod trainings;
mod walk;
