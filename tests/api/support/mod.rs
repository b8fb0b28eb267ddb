//! What every test stands on: `TestApp::start()` gives a database of its own, made from a
//! template that holds the demo world, and a real server on a free port.

mod answer;
mod app;
mod client;
mod cluster;
mod identity;
mod recorder;
mod trail;

pub use answer::Answer;
pub use app::{BASE_URL, Setting, TestApp};
pub use client::TestClient;
pub use cluster::{Cluster, Database, settings};
pub use identity::{as_client, as_public, texts, texts_if_allowed};
pub use recorder::Recorder;

/// Demands that a committed, generated file holds this; `UPDATE=1` writes it instead.
#[track_caller]
pub fn assert_fresh(path: &str, content: &str) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, content).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == content, "{path} is stale: run `UPDATE=1 cargo test --test api fresh` and review the change");
}
