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
    #[error("PostgreSQL {0} is too old; 15.14, 16.10, 17.6, 18 or newer is needed")]
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
    /// The first release of each major version in which statistics no longer show what row policies hide
    /// (CVE-2025-8713 and those fixed with it); later major versions have it from the start.
    const OLDEST: [i32; 3] = [150_014, 160_010, 170_006];

    /// Whether row policies hold on a server of this version (`server_version_num`).
    fn is_sound(version: i32) -> bool {
        let [oldest, .., newest] = Self::OLDEST;
        let of_this_major = Self::OLDEST.into_iter().find(|first| first / 10_000 == version / 10_000);
        version >= of_this_major.unwrap_or(if version < oldest { oldest } else { newest })
    }

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
        if !Self::is_sound(login.server_version) {
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

#[cfg(test)]
mod tests {
    use super::Login;

    #[test]
    fn each_major_version_has_a_release_from_which_it_will_do() {
        for version in [150_014, 150_018, 160_010, 170_006, 180_000, 180_001, 190_000] {
            assert!(Login::is_sound(version), "{version}");
        }
        for version in [140_019, 150_013, 160_000, 160_009, 170_000, 170_005] {
            assert!(!Login::is_sound(version), "{version}");
        }
    }
}
