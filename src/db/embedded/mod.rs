//! The private PostgreSQL that the binary starts when no server is configured.
//!
//! The data folder holds:
//!
//! - `lock`: held by the one process that uses the folder;
//! - `cluster/`: made in one rename, so it is whole or absent: `data/` (the
//!   server's own folder) and `password` (of the owner, readable only by the
//!   account that runs the server);
//! - `postgres.log`: what the server said since the last start.
//!
//! However this process ends, the server ends too: see `supervisor`.

mod cluster;
mod left_over;
mod locate;
mod server;
mod supervisor;

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use cluster::{Cluster, OWNER};
use supervisor::{Account, Supervised};

/// How often the server and its supervisor are looked at.
const WATCH_INTERVAL: Duration = Duration::from_millis(100);

/// How long to wait when a server that died did not start again.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// What the private server takes from the environment of the process; the caller reads the variables.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `PG_BIN`: the folder that holds `initdb` and `postgres`; when set, no other folder is tried.
    pub pg_bin: Option<PathBuf>,
    /// `PATH`: searched for the server's programs and handed on to them.
    pub path: Option<OsString>,
    /// `HOME`: where the default data folder of an ordinary user lies.
    pub home: Option<PathBuf>,
    /// `XDG_DATA_HOME`: where it lies instead when this is an absolute path.
    pub xdg_data_home: Option<PathBuf>,
}

/// How the private server runs.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Whether commits survive a crash of the machine; tests turn it off, and still lose nothing when a process is killed.
    pub fsync: bool,
    /// How many connections the server accepts, its three reserved ones included.
    pub max_connections: u16,
}

impl Default for Options {
    fn default() -> Self {
        Self { fsync: true, max_connections: 100 }
    }
}

/// Why the private server did not start.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No server of a supported version on this machine; three lines that end with the way out.
    #[error(
        "No PostgreSQL {min} or newer found: looked for initdb and postgres in PG_BIN, on PATH and in the usual folders.\n\
         Install it with: {install}\n\
         Or name a running server in DATABASE_URL, or the folder that holds initdb in PG_BIN.",
        min = locate::OLDEST
    )]
    NotFound {
        /// The command that installs PostgreSQL here.
        install: &'static str,
    },
    /// The data was written by another major version than any found on this machine.
    #[error(
        "The data in {} was made by PostgreSQL {major}, which is not on this machine: install that version, or move the folder away to begin afresh.",
        folder.display()
    )]
    OtherVersion {
        /// The data folder.
        folder: PathBuf,
        /// The major version that made it.
        major: u32,
    },
    /// Another process uses the folder at this moment.
    #[error("{} is in use by another process: stop that one, or choose another data folder.", folder.display())]
    InUse {
        /// The data folder.
        folder: PathBuf,
    },
    /// Running as root, and the account that runs the server may not enter the folder.
    #[error(
        "PostgreSQL does not run as root, and its account (user id {uid}) may not enter {}: choose a data folder elsewhere.",
        folder.display()
    )]
    Unreachable {
        /// The first folder on the way that is closed.
        folder: PathBuf,
        /// The account that runs the server.
        uid: u32,
    },
    /// Running as root, and there is no account to run the server as.
    #[error("PostgreSQL does not run as root, and this machine has no account postgres or nobody.")]
    NoAccount,
    /// The new database cluster could not be made.
    #[error("initdb failed: {output}")]
    Initdb {
        /// What it printed.
        output: String,
    },
    /// The server ended, or was not ready in time.
    #[error("PostgreSQL did not start: {output}")]
    Server {
        /// The end of its log.
        output: String,
    },
    /// A file or a process could not be reached.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: io::Error,
    },
}

impl EmbeddedError {
    /// Names what was tried, for `map_err`.
    fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

/// The data folder when none is configured: outside the home folder for root, whose home the server's account may not enter.
#[must_use]
pub fn default_data_folder(environment: &Environment) -> PathBuf {
    let xdg = environment.xdg_data_home.as_ref();
    match (xdg.filter(|path| path.is_absolute()), &environment.home) {
        _ if supervisor::is_root(environment) => PathBuf::from("/var/lib/stagepunt"),
        (Some(data), _) => data.join("stagepunt"),
        (None, Some(home)) => home.join(".local/share/stagepunt"),
        (None, None) => PathBuf::from(".stagepunt"),
    }
}

/// A running PostgreSQL of our own; it stops when this is dropped, and also when this process is killed.
#[derive(Debug)]
pub struct PrivatePostgres {
    port: u16,
    password: String,
    stop: Option<Sender<()>>,
    watcher: Option<JoinHandle<()>>,
    // Released only after `drop` has stopped the server.
    _lock: File,
}

impl PrivatePostgres {
    /// Starts the server of a data folder, making both when they are not there; blocks until it accepts connections.
    ///
    /// A server that died is started again on the same port while this value lives.
    ///
    /// # Errors
    /// See [`EmbeddedError`]; [`EmbeddedError::NotFound`] is the one a user can mend with one command.
    pub fn start(data_folder: &Path, environment: &Environment, options: Options) -> Result<Self, EmbeddedError> {
        let folder = cluster::prepare_folder(data_folder, environment)?;
        let lock = lock(&folder)?;
        let account = Account::for_server(&folder.join("cluster"), environment)?;
        let cluster = Cluster::open(folder, environment, account, options)?;
        let (server, port) = cluster.launch(None)?;
        let password = cluster.password()?;
        let (stop, stopped) = channel();
        let watcher = std::thread::Builder::new()
            .name("private-postgres".to_owned())
            .spawn(move || watch(&cluster, server, port, &stopped))
            .map_err(EmbeddedError::io("cannot start a thread"))?;
        Ok(Self { port, password, stop: Some(stop), watcher: Some(watcher), _lock: lock })
    }

    /// The loopback port of the server, another one at each start.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The connection URL of the cluster's owner, a superuser, for one of its databases; `postgres` always exists.
    #[must_use]
    pub fn owner_url(&self, database: &str) -> String {
        let Self { password, port, .. } = self;
        format!("postgres://{OWNER}:{password}@127.0.0.1:{port}/{database}")
    }

    /// Stops the server and waits until it is gone.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(watcher) = self.watcher.take() {
            // A panic of the watcher was reported by its thread; its pipe is closed, so the server stops all the same.
            let _ = watcher.join();
        }
    }
}

fn lock(folder: &Path) -> Result<File, EmbeddedError> {
    let path = folder.join("lock");
    let what = format!("cannot lock {}", path.display());
    let mut options = File::options();
    let options = options.create(true).append(true).mode(0o600);
    let file = options.open(&path).map_err(EmbeddedError::io(what.clone()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(EmbeddedError::InUse { folder: folder.to_owned() }),
        Err(TryLockError::Error(source)) => Err(EmbeddedError::Io { what, source }),
    }
}

/// Keeps the server and its supervisor alive until told to stop, by the other end of the channel being dropped.
fn watch(cluster: &Cluster, mut server: Supervised, port: u16, stopped: &Receiver<()>) {
    let mut pause = WATCH_INTERVAL;
    while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        pause = WATCH_INTERVAL;
        if server.is_running() {
            continue;
        }
        tracing::warn!("the private PostgreSQL ended; starting it again");
        match cluster.launch(Some(port)) {
            Ok((again, _)) => server = again,
            Err(error) => {
                tracing::error!(%error, "the private PostgreSQL did not start again");
                pause = RETRY_AFTER;
            }
        }
    }
    server.stop();
}
