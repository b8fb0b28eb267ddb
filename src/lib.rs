//! Stagepunt: an open API for regional internship placement in Dutch GP care.

pub mod auth;
pub mod db;
pub mod error;
pub mod http;
pub mod kernel;
