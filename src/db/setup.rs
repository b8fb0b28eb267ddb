//! Making a database ready for its two logins: the owner, who migrates, and the app login,
//! which row policies bind.

use aws_lc_rs::rand::SystemRandom;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::pg::PgConnection;
use diesel::sql_types::{Bool, Text};
use diesel::{Connection as _, QueryableByName, RunQueryDsl as _, sql_query};

/// The login that serves requests.
const APP_LOGIN: &str = "stagepunt_app";

/// Why a database could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The owner cannot log in.
    #[error("cannot connect as owner: {0}")]
    Connect(String),
    /// A statement was refused.
    #[error("the database refused: {0}")]
    Refused(String),
    /// The URL does not name the app login with a password.
    #[error("DATABASE_URL must name the login stagepunt_app with a password: postgres://stagepunt_app:…@host/database")]
    NotTheAppLogin,
}

fn connect(url: &str) -> Result<PgConnection, SetupError> {
    PgConnection::establish(url).map_err(|error| SetupError::Connect(error.to_string()))
}

fn refused(error: diesel::result::Error) -> SetupError {
    SetupError::Refused(error.to_string())
}

/// Creates the database where it is not there yet; `url` leads to another one of the server.
///
/// # Errors
/// When the owner cannot log in or may not create databases.
pub fn create_database(url: &str, name: &str) -> Result<(), SetupError> {
    #[derive(QueryableByName)]
    struct There {
        #[diesel(sql_type = Bool)]
        there: bool,
    }
    let mut conn = connect(url)?;
    let look = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1) AS there";
    let found: There = sql_query(look).bind::<Text, _>(name).get_result(&mut conn).map_err(refused)?;
    if !found.there {
        sql_query(format!("CREATE DATABASE {}", identifier(name))).execute(&mut conn).map_err(refused)?;
    }
    Ok(())
}

/// Gives the app login a new random password and returns its URL to the same database.
///
/// # Errors
/// When the owner cannot log in or may not change the login.
pub fn app_login(owner_url: &str) -> Result<String, SetupError> {
    let mut random = [0_u8; 24];
    aws_lc_rs::rand::SecureRandom::fill(&SystemRandom::new(), &mut random)
        .map_err(|_unspecified| SetupError::Refused("no random numbers".to_owned()))?;
    let password = URL_SAFE_NO_PAD.encode(random);
    set_password(owner_url, &password)?;
    let place = owner_url.split_once('@').map_or("", |(_, place)| place);
    Ok(format!("postgres://{APP_LOGIN}:{password}@{place}"))
}

/// Gives the app login the password that its own URL names.
///
/// # Errors
/// When the URL names another login, or the owner cannot log in.
pub fn set_app_password(owner_url: &str, app_url: &str) -> Result<(), SetupError> {
    let login = app_url.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@')).map(|(login, _)| login);
    let password = login.and_then(|login| login.strip_prefix(APP_LOGIN)?.strip_prefix(':'));
    let password = password.filter(|password| !password.is_empty()).ok_or(SetupError::NotTheAppLogin)?;
    set_password(owner_url, &decoded(password))
}

fn set_password(owner_url: &str, password: &str) -> Result<(), SetupError> {
    let mut conn = connect(owner_url)?;
    let sql = format!("ALTER ROLE {APP_LOGIN} LOGIN PASSWORD '{}'", password.replace('\'', "''"));
    sql_query(sql).execute(&mut conn).map_err(refused)?;
    Ok(())
}

/// The percent-decoded text of a URL's part.
fn decoded(part: &str) -> String {
    serde_urlencoded::from_str::<Vec<(String, String)>>(&format!("p={}", part.replace('+', "%2B")))
        .ok()
        .and_then(|pairs| pairs.into_iter().next())
        .map_or_else(|| part.to_owned(), |(_, value)| value)
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn a_password_in_a_url_is_decoded() {
        assert_eq!(decoded("a%2Fb+c"), "a/b+c");
    }
}
