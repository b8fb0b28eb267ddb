//! `demo-clients.json`: the demo's clients with their secrets, for people who try the API.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// Name of the file in the data folder.
pub const CLIENTS_FILE: &str = "demo-clients.json";

/// A client of the demo.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoClient {
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
    /// A path below `/v1` worth a first call.
    #[serde(skip)]
    pub first_call: &'static str,
    /// Whether the terminal shows it.
    #[serde(skip)]
    pub first_of_role: bool,
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
    let mut clients = serde_json::from_str::<File>(&text).map_err(io::Error::other)?.clients;
    let mut shown = Vec::new();
    for client in &mut clients {
        client.first_of_role = !shown.contains(&client.role);
        shown.push(client.role.clone());
        client.first_call = if client.role == "platform" { "organisations" } else { "initiatives" };
    }
    Ok(clients)
}
