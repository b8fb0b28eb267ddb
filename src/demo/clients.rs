//! `demo-clients.json`: the demo's clients with their secrets, for people who try the API.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::data::{Client, Data, text};
use super::error::LoadError;
use crate::kernel::coded::Coded as _;

/// Name of the file in the data folder.
pub const CLIENTS_FILE: &str = "demo-clients.json";

/// A client of the demo.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoClient {
    /// Its key in the demo's data, for tests.
    #[serde(skip)]
    pub key: String,
    /// Client id.
    pub client_id: String,
    /// Its secret: the demo's data is made up.
    pub client_secret: String,
    /// Its role.
    pub role: String,
    /// The organisation it speaks for.
    pub organisation: String,
    /// The region it belongs to, if any.
    pub region: Option<String>,
}

impl DemoClient {
    /// The client of an entry, which got this id and secret.
    pub(super) fn of(data: &Data, client: &Client, id: &str, secret: &str) -> Result<Self, LoadError> {
        Ok(Self {
            key: client.key.clone(),
            client_id: id.to_owned(),
            client_secret: secret.to_owned(),
            role: client.role.code().to_owned(),
            organisation: text(&data.organisation(&client.organisation)?.body, "name").to_owned(),
            region: data.region_of(client).map(|region| text(&region.body, "name").to_owned()),
        })
    }

    /// A path below `/v1` worth a first call.
    #[must_use]
    pub fn first_call(&self) -> &'static str {
        if self.role == "platform" { "organisations" } else { "initiatives" }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    base_url: String,
    clients: Vec<DemoClient>,
}

/// Writes the file; an empty list (the data was there already) only brings the base URL up to date.
///
/// # Errors
/// When the folder cannot be written.
pub fn write_clients(folder: &Path, base_url: &str, clients: &[DemoClient]) -> io::Result<()> {
    let clients = if clients.is_empty() { read_clients(folder).unwrap_or_default() } else { clients.to_vec() };
    let file = File { base_url: base_url.to_owned(), clients };
    let text = serde_json::to_string_pretty(&file).map_err(io::Error::other)?;
    let draft = folder.join(format!("{CLIENTS_FILE}.new"));
    fs::write(&draft, text)?;
    fs::rename(draft, folder.join(CLIENTS_FILE))
}

/// Reads the file back.
///
/// # Errors
/// When it is not there or not readable.
pub fn read_clients(folder: &Path) -> io::Result<Vec<DemoClient>> {
    let text = fs::read_to_string(folder.join(CLIENTS_FILE))?;
    Ok(serde_json::from_str::<File>(&text).map_err(io::Error::other)?.clients)
}
