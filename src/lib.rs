//! Stagepunt: an open API for regional internship placement in Dutch GP care.

pub mod audit;
pub mod auth;
pub mod db;
pub mod error;
pub mod http;
pub mod initiatives;
pub mod kernel;
pub mod lifecycle;
pub mod schema;
