//! Stagepunt: an open API for regional internship placement in Dutch GP care.

pub mod audit;
pub mod auth;
pub mod config;
pub mod db;
pub mod error;
pub mod http;
pub mod initiatives;
pub mod jobs;
pub mod kernel;
pub mod lifecycle;
pub mod reference_data;
pub mod schema;
