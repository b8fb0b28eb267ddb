//! What every test stands on: `TestApp::start()` gives a database of its own, made from a
//! template that holds the demo world, and a real server on a free port.

mod answer;
mod app;
mod client;
mod cluster;

pub use answer::Answer;
pub use app::TestApp;
pub use client::TestClient;
pub use cluster::{Cluster, Database};
