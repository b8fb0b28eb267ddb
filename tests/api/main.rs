//! The API as its callers see it: a real server, a real PostgreSQL, real requests.

mod support;

mod sign_in;
