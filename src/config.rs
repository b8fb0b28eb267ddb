//! Every setting of the service, with its environment variable: the only reader of the
//! environment. `--help` is its documentation.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

/// How strict the service is with its own settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// A private database and demo data are possible; keys are made on the way.
    Development,
    /// Real data: database, keys and address must be given; demo mode is refused.
    Production,
}

/// Settings of `serve`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Address and port to listen on.
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Address of health probe and metrics; kept apart from the public one.
    #[arg(long, env = "ADMIN_LISTEN", default_value = "127.0.0.1:9090")]
    pub admin_listen: SocketAddr,
    /// URL under which callers reach the service; issuer and audience of its tokens.
    #[arg(long, env = "BASE_URL")]
    pub base_url: Option<String>,
    /// Where the data is.
    #[command(flatten)]
    pub database: Database,
    /// Loads the demo data of the five initiatives, once.
    #[arg(long, env = "DEMO")]
    pub demo: bool,
    /// Fixes the business date (demo mode only), for example 2019-03-31.
    #[arg(long, env = "TODAY", requires = "demo")]
    pub today: Option<NaiveDate>,
    /// Origins of partner frontends that browsers may call from, separated by commas.
    #[arg(long, env = "ALLOWED_ORIGINS", value_delimiter = ',')]
    pub allowed_origins: Vec<String>,
    /// Addresses of proxies whose `X-Forwarded-For` is believed, separated by commas.
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpAddr>,
    /// Threads that take in requests; as many as there are cores when absent.
    #[arg(long, env = "WORKERS")]
    pub workers: Option<usize>,
    /// How much one client may ask.
    #[command(flatten)]
    pub limits: Limits,
    /// How mails leave.
    #[command(flatten)]
    pub mail: Mail,
    /// Seconds for which a stop (SIGTERM) shows as a red readiness probe while requests are still
    /// served, so that a proxy turns elsewhere before the listener closes.
    #[arg(long, env = "DRAIN_SECONDS", default_value_t = 0)]
    pub drain_seconds: u64,
    /// What is logged, for example `info` or `stagepunt=debug`.
    #[arg(long, env = "LOG", default_value = "info")]
    pub log: String,
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub struct Database {
    /// How strict the service is with its own settings.
    #[arg(long, env = "MODE", value_enum, default_value = "development")]
    pub mode: Mode,
    /// Database as the app login `stagepunt_app`; a private `PostgreSQL` is started when absent.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// The same database as its owner, who migrates.
    #[arg(long, env = "OWNER_DATABASE_URL", hide_env_values = true)]
    pub owner_database_url: Option<String>,
    /// Folder of the private `PostgreSQL`, the generated keys and `demo-clients.json`.
    #[arg(long, env = "DATA_FOLDER")]
    pub data_folder: Option<PathBuf>,
    /// Folder that holds `initdb` and `postgres`, when they are not found by themselves.
    #[arg(long, env = "PG_BIN")]
    pub pg_bin: Option<PathBuf>,
    /// Connections for requests; twice the cores when absent.
    #[arg(long, env = "DATABASE_CONNECTIONS")]
    pub connections: Option<u32>,
    /// 32 random bytes in base64 under which signing keys are kept; generated into the data
    /// folder when absent, except in production.
    #[arg(long, env = "MASTER_KEY", hide_env_values = true)]
    pub master_key: Option<String>,
    #[arg(long, env = "HOME", hide = true)]
    pub(crate) home: Option<PathBuf>,
    #[arg(long, env = "PATH", hide = true)]
    pub(crate) path: Option<std::ffi::OsString>,
    #[arg(long, env = "XDG_DATA_HOME", hide = true)]
    pub(crate) xdg_data_home: Option<PathBuf>,
}

/// How mails leave. Without any of these they wait in the database; in demo mode they are files.
#[derive(Debug, Clone, Default, Args)]
pub struct Mail {
    /// Mail server: `smtps://user:password@host:port`, or `smtp://…?tls=required` for STARTTLS. What
    /// is no letter or digit in user and password is percent-encoded. Needs MAIL_FROM.
    #[arg(long, env = "SMTP_URL", hide_env_values = true, requires = "mail_from", conflicts_with = "mail_folder")]
    pub smtp_url: Option<String>,
    /// Sender of mails, for example `Stagepunt <stagepunt@example.org>`.
    #[arg(long, env = "MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Folder in which mails are written as files in place of being sent; refused in production.
    #[arg(long, env = "MAIL_FOLDER")]
    pub mail_folder: Option<PathBuf>,
    /// Page at which students sign; the token of their link is put behind a `#`. When absent our own:
    /// the base URL with `/sign`.
    #[arg(long, env = "SIGNING_URL")]
    pub signing_url: Option<String>,
}

/// How much one client may ask.
#[derive(Debug, Clone, Copy, Args)]
pub struct Limits {
    /// Requests per second and client that are sustained; 0 switches the limit off.
    #[arg(long, env = "REQUESTS_PER_SECOND", default_value_t = 50)]
    pub requests_per_second: u32,
    /// Requests that may come at once on top of that.
    #[arg(long, env = "REQUEST_BURST", default_value_t = 100)]
    pub burst: u32,
}
