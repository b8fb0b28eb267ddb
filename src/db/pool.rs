//! The pool of connections and what every connection is set to.

use std::time::Duration;

use diesel::pg::PgConnection;
use diesel::r2d2::{ConnectionManager, Pool};
use diesel::sql_types::{Bool, Integer, Text};
use diesel::{Connection as _, QueryableByName, RunQueryDsl as _, sql_query};

/// Connections to one database under one login.
pub(super) type Connections = Pool<ConnectionManager<PgConnection>>;

/// How many connections, and how long to wait for one.
#[derive(Debug, Clone, Copy)]
pub struct PoolSettings {
    /// Connections for requests; at most four times the cores serves best.
    pub size: u32,
    /// How long a request waits for a free connection before 503.
    pub wait: Duration,
}

/// A pool that opens lazily, so that the server starts without its database and answers 503.
pub(super) fn open(url: &str, settings: PoolSettings) -> Connections {
    Pool::builder()
        .max_size(settings.size)
        .min_idle(Some(0))
        .test_on_check_out(false)
        .connection_timeout(settings.wait)
        .build_unchecked(ConnectionManager::new(with_timeouts(url)))
}

/// Adds the connection's rungs of the time ladder where the URL does not set its own.
fn with_timeouts(url: &str) -> String {
    const RUNGS: [(&str, &str); 6] = [
        ("connect_timeout", "2"),
        ("tcp_user_timeout", "5000"),
        ("keepalives_idle", "5"),
        ("keepalives_interval", "2"),
        ("keepalives_count", "2"),
        ("application_name", "stagepunt"),
    ];
    let mut url = url.to_owned();
    for (name, value) in RUNGS {
        if !url.contains(&format!("{name}=")) {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(name);
            url.push('=');
            url.push_str(value);
        }
    }
    url
}

/// Why a login may not serve requests.
#[derive(Debug, thiserror::Error)]
pub enum LoginRefused {
    /// Row policies do not bind such a login.
    #[error(
        "login `{0}` is a superuser, bypasses row security or owns tables; serve with the app login (stagepunt_app)"
    )]
    TooPowerful(String),
    /// A table without its wall.
    #[error("tables without forced row security or without a policy: {0}")]
    Unwalled(String),
    /// Older servers leak rows through cached plans and statistics.
    #[error("PostgreSQL {0} is too old; 15.14 or newer is needed")]
    TooOld(i32),
    /// Failures are told apart by the server's messages.
    #[error("the server speaks `{0}`; set lc_messages to C or English (ALTER DATABASE … SET lc_messages TO 'C')")]
    ForeignMessages(String),
    /// The check could not be made.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
}

/// The login that serves requests, as the database describes it.
#[derive(Debug, QueryableByName)]
pub struct Login {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    too_powerful: bool,
    #[diesel(sql_type = Text)]
    unwalled: String,
    #[diesel(sql_type = Integer)]
    server_version: i32,
    #[diesel(sql_type = Text)]
    messages: String,
}

impl Login {
    /// `PostgreSQL` 15.14, before which row security could be read around.
    const OLDEST: i32 = 150_014;

    /// Refuses a login that row policies do not bind, a table without policies, an old server and
    /// one whose messages are not English.
    ///
    /// # Errors
    /// [`LoginRefused`] with the reason.
    pub fn check(url: &str) -> Result<(), LoginRefused> {
        let mut conn = PgConnection::establish(&with_timeouts(url))
            .map_err(|error| LoginRefused::Unreachable(error.to_string()))?;
        let login: Self = sql_query(include_str!("login_check.sql"))
            .get_result(&mut conn)
            .map_err(|error| LoginRefused::Unreachable(error.to_string()))?;
        if login.server_version < Self::OLDEST {
            Err(LoginRefused::TooOld(login.server_version))
        } else if !["C", "POSIX", "en"].iter().any(|language| login.messages.starts_with(language)) {
            Err(LoginRefused::ForeignMessages(login.messages))
        } else if login.too_powerful {
            Err(LoginRefused::TooPowerful(login.name))
        } else if !login.unwalled.is_empty() {
            Err(LoginRefused::Unwalled(login.unwalled))
        } else {
            Ok(())
        }
    }
}
