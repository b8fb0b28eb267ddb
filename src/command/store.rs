//! Where the data is: a configured server, or a private one of our own.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Failure;
use crate::auth::keys::MasterKey;
use crate::config::{Database, Mode};
use crate::db::{self, EmbeddedError, Environment, Login, Options, PoolSettings, PrivatePostgres};

/// A database that is ready to be opened, and the folder beside it.
#[derive(Debug)]
pub(super) struct Store {
    /// As the app login.
    pub(super) app_url: String,
    /// Whether the login was found to be bound by the row policies.
    pub(super) checked: bool,
    /// Keys and `demo-clients.json` live here.
    pub(super) folder: PathBuf,
    /// The key everything else is derived from.
    pub(super) master: MasterKey,
    /// Stops with us.
    _private: Option<PrivatePostgres>,
}

/// Name of the one database inside a private server.
const DATABASE: &str = "stagepunt";

impl Store {
    /// Opens the configured server, or starts the private one, migrated.
    pub(super) fn open(database: &Database) -> Result<Self, Failure> {
        let environment = environment(database);
        let folder = database.data_folder.clone().unwrap_or_else(|| db::default_data_folder(&environment));
        match (&database.database_url, database.mode) {
            (Some(app_url), _) => {
                if let Some(owner_url) = &database.owner_database_url {
                    db::migrate(owner_url).map_err(Failure::of)?;
                    db::set_app_password(owner_url, app_url).map_err(Failure::of)?;
                }
                let checked = check(app_url)?;
                let master = master_key(database, &folder)?;
                Ok(Self { app_url: app_url.clone(), checked, folder, master, _private: None })
            }
            (None, Mode::Production) => Err(Failure::Failed(
                "In production mode the database must be given: set DATABASE_URL (app login stagepunt_app).".to_owned(),
            )),
            (None, Mode::Development) => Self::start_private(database, &environment, folder),
        }
    }

    fn start_private(database: &Database, environment: &Environment, folder: PathBuf) -> Result<Self, Failure> {
        let private =
            PrivatePostgres::start(&folder, environment, Options::default()).map_err(|error| match error {
                EmbeddedError::NotFound { .. } => Failure::Missing(error.to_string()),
                error => Failure::of(error),
            })?;
        let owner_url = private.owner_url(DATABASE);
        db::create_database(&private.owner_url("postgres"), DATABASE).map_err(Failure::of)?;
        db::migrate(&owner_url).map_err(Failure::of)?;
        let app_url = db::app_login(&owner_url).map_err(Failure::of)?;
        let checked = check(&app_url)?;
        let master = master_key(database, &folder)?;
        Ok(Self { app_url, checked, folder, master, _private: Some(private) })
    }
}

/// `migrate`: as the owner, then the app login's password.
pub(super) fn migrate(database: &Database) -> Result<(), Failure> {
    let owner_url = database
        .owner_database_url
        .as_deref()
        .ok_or_else(|| Failure::Failed("Set OWNER_DATABASE_URL to the login that owns the tables.".to_owned()))?;
    let done = db::migrate(owner_url).map_err(Failure::of)?;
    println!("{done} migrations run.");
    if let Some(app_url) = &database.database_url {
        db::set_app_password(owner_url, app_url).map_err(Failure::of)?;
        check(app_url)?;
        println!("The app login works and is bound by the row policies.");
    }
    Ok(())
}

/// How many connections a pool gets.
pub(super) fn pool(database: &Database) -> PoolSettings {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let size = database.connections.unwrap_or_else(|| u32::try_from(cores * 2).unwrap_or(4)).max(1);
    PoolSettings { size, wait: Duration::from_secs(1) }
}

/// Row policies must bind the login that serves. A server that is away is no reason not to
/// start: requests are answered 503 until it is back.
fn check(app_url: &str) -> Result<bool, Failure> {
    match Login::check(app_url) {
        Ok(()) => Ok(true),
        Err(db::LoginRefused::Unreachable(why)) => {
            tracing::warn!(why, "db.unreachable: starting without the database, answering 503 until it is back");
            Ok(false)
        }
        Err(refused) => Err(Failure::of(refused)),
    }
}

/// Makes up for a check that had to wait for the database; tells why the login is refused.
pub(super) async fn check_when_reachable(app_url: String) -> db::LoginRefused {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let url = app_url.clone();
        match tokio::task::spawn_blocking(move || Login::check(&url)).await {
            Ok(Ok(())) => return std::future::pending().await,
            Ok(Err(db::LoginRefused::Unreachable(_))) | Err(_) => {}
            Ok(Err(refused)) => return refused,
        }
    }
}

fn environment(database: &Database) -> Environment {
    Environment {
        pg_bin: database.pg_bin.clone(),
        path: database.path.clone(),
        home: database.home.clone(),
        xdg_data_home: database.xdg_data_home.clone(),
    }
}

/// The configured key; outside production one of our own, made once and kept in the folder.
fn master_key(database: &Database, folder: &Path) -> Result<MasterKey, Failure> {
    if let Some(given) = &database.master_key {
        return given.parse().map_err(Failure::of);
    }
    if database.mode == Mode::Production {
        return Err(Failure::Failed(
            "In production mode MASTER_KEY must be given: 32 random bytes in base64 (openssl rand -base64 32)."
                .to_owned(),
        ));
    }
    let file = folder.join("master-key");
    if let Ok(kept) = fs::read_to_string(&file) {
        return kept.trim().parse().map_err(Failure::of);
    }
    fs::create_dir_all(folder).map_err(Failure::of)?;
    let made = MasterKey::generate().map_err(Failure::of)?;
    write_private(&file, &made.to_base64()).map_err(Failure::of)?;
    Ok(made)
}

/// Writes a file that only its owner can read, whole or not at all.
pub(super) fn write_private(file: &Path, content: &str) -> std::io::Result<()> {
    let draft = file.with_extension("new");
    let mut written = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    written.write_all(content.as_bytes())?;
    written.sync_all()?;
    fs::rename(draft, file)
}
